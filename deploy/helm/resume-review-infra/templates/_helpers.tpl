{{- define "infra.labels" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/part-of: resume-review-infra
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{/* The contracts' topics (contracts/src/contracts/topics.py; tests/contract/test_charts.py holds them equal). */}}
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

{{/* Who may do what (contracts/src/contracts/access.py; tests/contract/test_charts.py holds them equal). An idempotent producer needs nothing beside Write; Write and Read include Describe. */}}
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
# Reads dead letters, sends them back, appends again those that stay, and deletes those that were handled.
on-call:
  write: [{{ $requests }}, {{ $results }}, {{ $events }}]
  handle:
    - {{ $requests }}.analyzer.dlq
    - {{ $requests }}.results-api.dlq
    - {{ $results }}.results-api.dlq
    - {{ $events }}.request-api.dlq
# Asks how much waits for the analyzer.
keda:
  describe: [{{ $requests }}]
  describeGroup: analyzer
{{- end }}

{{/* Of PostgreSQL: each database with its owner, who migrates, and its service, which is granted what it needs. */}}
{{- define "infra.databases" -}}
request_api: request-api-database
results_api: results-api-database
analyzer: analyzer-database
{{- end }}
