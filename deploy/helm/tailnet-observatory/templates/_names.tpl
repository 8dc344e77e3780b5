{{- define "observatory.labels" -}}
app.kubernetes.io/name: tailnet-observatory
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
{{- define "observatory.image" -}}
{{ required "registry must be set: where the images are" .root.Values.registry }}/{{ .name }}:{{ .root.Values.tag | default .root.Chart.AppVersion }}
{{- end }}
