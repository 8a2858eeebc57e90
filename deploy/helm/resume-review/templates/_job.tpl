{{/* A Job that runs as a hook, with its service account and network policy. Parameters: root, job (its name), hooks, weight,
     context (of the image and its volumes), command, env and egress (rendered lists), retries, and scripts (a ConfigMap, or ""). */}}
{{- define "resume-review.hookJob" -}}
{{- $labels := dict "root" .root "name" .job "tag" .context.tag }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ .job }}
  labels: {{- include "resume-review.labels" $labels | nindent 4 }}
  annotations:
    helm.sh/hook: {{ .hooks }}
    helm.sh/hook-weight: "-5"
    helm.sh/hook-delete-policy: before-hook-creation
automountServiceAccountToken: false
---
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .job }}
  labels: {{- include "resume-review.labels" $labels | nindent 4 }}
  annotations:
    helm.sh/hook: {{ .hooks }}
    helm.sh/hook-weight: {{ .weight | quote }}
    # The last Job is kept for its log.
    helm.sh/hook-delete-policy: before-hook-creation
spec:
  backoffLimit: {{ .retries }}
  activeDeadlineSeconds: 600
  template:
    metadata:
      labels: {{- include "resume-review.podLabels" $labels | nindent 8 }}
    spec:
      serviceAccountName: {{ .job }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      restartPolicy: Never
      securityContext: {{- include "resume-review.podSecurity" .root | nindent 8 }}
      {{- with .root.Values.image.pullSecrets }}
      imagePullSecrets: {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ .job }}
          image: {{ include "resume-review.image" .context | quote }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          command: {{ toJson .command }}
          env: {{- .env | nindent 12 }}
          securityContext: {{- include "resume-review.containerSecurity" .root | nindent 12 }}
          resources:
            requests: {cpu: 100m, memory: 128Mi}
            limits: {cpu: "1", memory: 256Mi}
          volumeMounts:
            - {name: tmp, mountPath: /tmp}
            {{- if .scripts }}
            - {name: scripts, mountPath: /scripts, readOnly: true}
            {{- end }}
            {{- include "resume-review.caMounts" .context | trim | nindent 12 }}
      volumes:
        - name: tmp
          emptyDir: {sizeLimit: 64Mi}
        {{- if .scripts }}
        - name: scripts
          configMap: {name: {{ .scripts }}}
        {{- end }}
        {{- include "resume-review.caVolumes" .context | trim | nindent 8 }}
{{- if .root.Values.networkPolicy.enabled }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .job }}
  labels: {{- include "resume-review.labels" $labels | nindent 4 }}
  annotations:
    helm.sh/hook: {{ .hooks }}
    helm.sh/hook-weight: "-5"
    helm.sh/hook-delete-policy: before-hook-creation
spec:
  podSelector:
    matchLabels: {{- include "resume-review.selector" $labels | nindent 6 }}
  policyTypes: [Ingress, Egress]
  egress:
    {{- include "resume-review.dnsEgress" .root | nindent 4 }}
    {{- .egress | nindent 4 }}
{{- end }}
{{- end }}
