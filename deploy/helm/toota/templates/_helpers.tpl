{{- define "toota.name" -}}
{{ .Release.Name }}-toota
{{- end }}

{{- define "toota.selector" -}}
app.kubernetes.io/name: toota
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "toota.labels" -}}
{{ include "toota.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "toota.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "toota.secretName" -}}
{{ .Values.existingSecret | default (include "toota.name" .) }}
{{- end }}

{{- define "toota.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}
