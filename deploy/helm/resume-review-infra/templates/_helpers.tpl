{{- define "infra.labels" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/part-of: resume-review-infra
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{/* The contracts' topics (contracts/src/contracts/topics.py; tests/contract/charts/test_charts.py compares them). */}}
{{- define "infra.topics" -}}
{{- $day := 86400000 -}}
resume-review.analysis-requests.v1: {partitions: 12, retention: {{ mul 3 $day }}}
resume-review.analysis-results.v1: {partitions: 12, retention: {{ mul 3 $day }}}
resume-review.analysis-events.v1: {partitions: 12, retention: {{ mul 30 $day }}}
resume-review.analysis-requests.v1.analyzer.dlq: {partitions: 1, retention: {{ mul 14 $day }}}
resume-review.analysis-requests.v1.results-api.dlq: {partitions: 1, retention: {{ mul 14 $day }}}
resume-review.analysis-results.v1.results-api.dlq: {partitions: 1, retention: {{ mul 14 $day }}}
resume-review.analysis-events.v1.request-api.dlq: {partitions: 1, retention: {{ mul 14 $day }}}
{{- end }}

{{/* Access rules (contracts/src/contracts/access.py; tests/contract/charts/test_charts.py compares them). An idempotent producer needs only Write. Write and Read include Describe. */}}
{{- define "infra.users" -}}
{{- $requests := "resume-review.analysis-requests.v1" -}}
{{- $results := "resume-review.analysis-results.v1" -}}
{{- $events := "resume-review.analysis-events.v1" -}}
request-api:
  write: [{{ $requests }}, {{ $events }}.request-api.dlq]
  read: [{{ $events }}]
  group: request-api
analyzer:
  write: [{{ $results }}, {{ $requests }}.analyzer.dlq]
  read: [{{ $requests }}]
  group: analyzer
results-api:
  write: [{{ $events }}, {{ $requests }}.results-api.dlq, {{ $results }}.results-api.dlq]
  read: [{{ $requests }}, {{ $results }}]
  group: results-api
# Reads dead letters, replays them, appends the remaining ones again and deletes handled ones.
on-call:
  write: [{{ $requests }}, {{ $results }}, {{ $events }}]
  handle:
    - {{ $requests }}.analyzer.dlq
    - {{ $requests }}.results-api.dlq
    - {{ $results }}.results-api.dlq
    - {{ $events }}.request-api.dlq
# Reads the analyzer's consumer lag.
keda:
  describe: [{{ $requests }}]
  describeGroup: analyzer
{{- end }}

{{/* Each database of PostgreSQL has an owner, which runs the migrations, and the role of its service. */}}
{{- define "infra.databases" -}}
request_api: request-api-database
results_api: results-api-database
analyzer: analyzer-database
{{- end }}
