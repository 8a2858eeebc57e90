{{/* Keys in the values by the name of the service. */}}
{{- define "resume-review.services" -}}
analyzer: analyzer
request-api: requestApi
results-api: resultsApi
{{- end }}

{{/* Labels of pods. They do not contain the chart's version, so that a new chart with the same images restarts no pod. */}}
{{- define "resume-review.podLabels" -}}
{{ include "resume-review.selector" . }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/version: {{ .tag | default .root.Values.image.tag | default .root.Chart.AppVersion | quote }}
{{- end }}

{{- define "resume-review.labels" -}}
{{ include "resume-review.podLabels" . }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{/* Labels that never change between versions. */}}
{{- define "resume-review.selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/part-of: resume-review
{{- end }}

{{- define "resume-review.image" -}}
{{- $image := .root.Values.image -}}
{{- $tag := .tag | default $image.tag | default .root.Chart.AppVersion -}}
{{- if eq $tag "latest" }}{{ fail "image.tag may not be latest, because it does not identify a version" }}{{ end -}}
{{ with $image.registry }}{{ . }}/{{ end }}{{ $image.repository }}/{{ .name }}:{{ $tag }}{{ with get $image.digests .name }}@{{ . }}{{ end }}
{{- end }}

{{- define "resume-review.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "resume-review.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{/* Prefix of the environment variables of a service. */}}
{{- define "resume-review.prefix" -}}
{{ . | upper | replace "-" "_" }}
{{- end }}

{{- define "resume-review.usesKafkaTls" -}}
{{- if has .Values.kafka.securityProtocol (list "SSL" "SASL_SSL") }}yes{{ end }}
{{- end }}

{{- define "resume-review.usesKafkaLogin" -}}
{{- if hasPrefix "SASL" .Values.kafka.securityProtocol }}yes{{ end }}
{{- end }}
