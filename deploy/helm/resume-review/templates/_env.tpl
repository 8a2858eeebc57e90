{{/* Kafka settings of a service. Parameters: root, name, service. */}}
{{- define "resume-review.kafkaEnv" -}}
{{- $prefix := include "resume-review.prefix" .name -}}
{{- $kafka := .root.Values.kafka -}}
- {name: {{ $prefix }}_KAFKA_BOOTSTRAP_SERVERS, value: {{ $kafka.bootstrapServers | quote }}}
- {name: {{ $prefix }}_KAFKA_SECURITY_PROTOCOL, value: {{ $kafka.securityProtocol | quote }}}
{{- if include "resume-review.usesKafkaLogin" .root }}
- {name: {{ $prefix }}_KAFKA_SASL_MECHANISM, value: {{ $kafka.saslMechanism | quote }}}
- {name: {{ $prefix }}_KAFKA_SASL_USERNAME, value: {{ .service.kafka.username | quote }}}
- name: {{ $prefix }}_KAFKA_SASL_PASSWORD
  valueFrom: {secretKeyRef: {name: {{ .service.kafka.passwordSecret.name }}, key: {{ .service.kafka.passwordSecret.key }}}}
{{- end }}
{{- if include "resume-review.usesKafkaTls" .root }}
{{- if eq $kafka.securityProtocol "SSL" }}
- {name: {{ $prefix }}_KAFKA_CERTIFICATE_FILE, value: /etc/kafka-user/user.crt}
- {name: {{ $prefix }}_KAFKA_KEY_FILE, value: /etc/kafka-user/user.key}
{{- end }}
{{- if $kafka.caSecret.name }}
- {name: {{ $prefix }}_KAFKA_CA_FILE, value: /etc/kafka-ca/ca.crt}
{{- end }}
{{- end }}
{{- end }}

{{/* Database settings. Parameters: root, name, service, login (username and passwordSecret). */}}
{{- define "resume-review.databaseEnv" -}}
{{- $prefix := include "resume-review.prefix" .name -}}
{{- $host := .service.database.host | default .root.Values.database.host -}}
- name: DATABASE_PASSWORD
  valueFrom: {secretKeyRef: {name: {{ .login.passwordSecret.name }}, key: {{ .login.passwordSecret.key }}}}
- name: {{ $prefix }}_DATABASE_URL
  value: postgresql+asyncpg://{{ .login.username }}:$(DATABASE_PASSWORD)@{{ $host }}:{{ .root.Values.database.port }}/{{ .service.database.name }}
- {name: {{ $prefix }}_DATABASE_TLS, value: {{ .root.Values.database.tls | quote }}}
{{- if and (eq .root.Values.database.tls "verify-full") .root.Values.database.caSecret.name }}
- {name: {{ $prefix }}_DATABASE_CA_FILE, value: /etc/database-ca/ca.crt}
{{- end }}
{{- end }}

{{- define "resume-review.authEnv" -}}
{{- $prefix := include "resume-review.prefix" .name -}}
{{- $auth := .root.Values.auth -}}
{{- if not (or $auth.jwksUrl $auth.sharedSecret.name) }}{{ fail "set auth.jwksUrl or auth.sharedSecret.name (or both): without, no token is good" }}{{ end -}}
{{- if $auth.jwksUrl }}
- {name: {{ $prefix }}_AUTH_JWKS_URL, value: {{ $auth.jwksUrl | quote }}}
- {name: {{ $prefix }}_AUTH_ISSUER, value: {{ required "auth.issuer belongs to auth.jwksUrl" $auth.issuer | quote }}}
- {name: {{ $prefix }}_AUTH_AUDIENCE, value: {{ required "auth.audience belongs to auth.jwksUrl" $auth.audience | quote }}}
{{- end }}
{{- if $auth.sharedSecret.name }}
- name: {{ $prefix }}_AUTH_SHARED_SECRET
  valueFrom: {secretKeyRef: {name: {{ $auth.sharedSecret.name }}, key: {{ $auth.sharedSecret.key }}}}
{{- end }}
{{- end }}

{{/* Settings that only one service has. */}}
{{- define "resume-review.ownEnv" -}}
{{- if eq .name "request-api" }}
- {name: REQUEST_API_GATEWAY_REQUESTS_PER_SECOND, value: {{ .root.Values.gateway.requestsPerSecond | quote }}}
- {name: REQUEST_API_GATEWAY_BURST, value: {{ .root.Values.gateway.burst | quote }}}
{{- else if eq .name "results-api" }}
- {name: RESULTS_API_REQUEST_API_URL, value: "http://request-api:8081"}
{{- else if .service.model.enabled }}
- name: ANALYZER_OPENAI_API_KEY
  valueFrom: {secretKeyRef: {name: {{ .service.model.apiKeySecret.name }}, key: {{ .service.model.apiKeySecret.key }}}}
- {name: ANALYZER_OPENAI_BASE_URL, value: {{ .service.model.baseUrl | quote }}}
- {name: ANALYZER_MODEL, value: {{ .service.model.name | quote }}}
- {name: ANALYZER_MODEL_CONCURRENCY, value: {{ .service.model.concurrency | quote }}}
{{- if .service.model.headersSecret.name }}
- name: ANALYZER_MODEL_HEADERS
  valueFrom: {secretKeyRef: {name: {{ .service.model.headersSecret.name }}, key: {{ .service.model.headersSecret.key }}}}
{{- end }}
{{- end }}
{{- end }}

{{- define "resume-review.caMounts" -}}
{{- if and (include "resume-review.usesKafkaTls" .root) .kafka }}
{{- if .root.Values.kafka.caSecret.name }}
- {name: kafka-ca, mountPath: /etc/kafka-ca, readOnly: true}
{{- end }}
{{- if eq .root.Values.kafka.securityProtocol "SSL" }}
- {name: kafka-user, mountPath: /etc/kafka-user, readOnly: true}
{{- end }}
{{- end }}
{{- if and .database (eq .root.Values.database.tls "verify-full") .root.Values.database.caSecret.name }}
- {name: database-ca, mountPath: /etc/database-ca, readOnly: true}
{{- end }}
{{- end }}

{{/* Only the certificate of a Secret with an authority, because the Secret may also contain the private key. */}}
{{- define "resume-review.caVolumes" -}}
{{- $kafka := .root.Values.kafka -}}
{{- $database := .root.Values.database -}}
{{- if and (include "resume-review.usesKafkaTls" .root) .kafka }}
{{- if $kafka.caSecret.name }}
- name: kafka-ca
  secret: {secretName: {{ $kafka.caSecret.name }}, items: [{key: {{ $kafka.caSecret.key }}, path: ca.crt}]}
{{- end }}
{{- if eq $kafka.securityProtocol "SSL" }}
- name: kafka-user
  secret: {secretName: {{ .service.kafka.passwordSecret.name }}, items: [{key: user.crt, path: user.crt}, {key: user.key, path: user.key}]}
{{- end }}
{{- end }}
{{- if and .database (eq $database.tls "verify-full") $database.caSecret.name }}
- name: database-ca
  secret: {secretName: {{ $database.caSecret.name }}, items: [{key: {{ $database.caSecret.key }}, path: ca.crt}]}
{{- end }}
{{- end }}
