"""Secrets, and the places in which logs, scripts and consoles show them. `%s` is where the secret stands."""

from __future__ import annotations

from hypothesis import strategies as st

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
ENTRA = st.builds(
    lambda head, digit, tail: f"{head}{digit}Q~{tail}",
    st.text(LETTERS + "_.~", min_size=3, max_size=3),
    st.sampled_from("78"),
    st.text(LETTERS + "_.~-", min_size=34, max_size=34),
)
GUID = st.uuids().map(str)
PASSWORD = st.builds(
    lambda word, number, end: f"{word}{number}{end}",
    st.text(LETTERS, min_size=6, max_size=20),
    st.integers(1000, 9999),
    st.text(LETTERS + "!*+^", min_size=1, max_size=6),
)
JWT = st.builds(
    lambda head, body, end: f"eyJ{head}.eyJ{body}.{end}",
    *[st.text(LETTERS + "_-", min_size=20, max_size=60) for _ in range(3)],
)
BASE64_KEY = st.text(LETTERS + "+/", min_size=86, max_size=86).map(lambda text: text + "==")

NAMED = st.one_of(ENTRA, GUID, PASSWORD, JWT)

LOG_FIELDS = (
    'time="2024-06-03T09:12:11Z" level=debug msg="azcmagent connect --service-principal-secret %s --location eastus"',
    'time="2024-06-03T09:12:11Z" level=debug msg="request" Body="client_secret=%s&grant_type=client_credentials" Status Code=401',
    'time="2024-06-03T09:12:11Z" level=error msg="x" Error="posted {\\"client_secret\\":\\"%s\\",\\"scope\\":\\"a\\"}"',
    'time="2024-06-03T09:12:11Z" level=info msg="config" Access Token=%s',
    "[2024-06-11 17:26:05.229] [PID 1] [TID 2] [Pull Client] [INFO] [00000000-0000-0000-0000-000000000000] password=%s",
)
COMMANDS = (
    'azcmagent connect --service-principal-id "a" --service-principal-secret "%s" --resource-group "rg"',
    "azcmagent connect --service-principal-secret '%s' -g rg",
    "azcmagent connect --service-principal-secret=%s",
    '& "$env:ProgramW6432\\AzureConnectedMachineAgent\\azcmagent.exe" connect -i a -p %s -g rg',
    "sudo azcmagent disconnect -p '%s'",
    "azcmagent connect --access-token %s --subscription-id s",
    '+ azcmagent connect --access-token `"%s`" `',
    "azcmagent connect -p%s -g rg",
    "az login --service-principal -u app -p %s --tenant t",
    '.\\Onboard.ps1 -ServicePrincipalSecret "%s" -TenantId t',
    '["connect", "--service-principal-secret", "%s", "--verbose"]',
    'ConvertTo-SecureString "%s" -AsPlainText -Force',
    "ConvertTo-SecureString -AsPlainText -String '%s' -Force",
    'New-Object System.Net.NetworkCredential("user", "%s")',
    "curl -X POST -d 'client_id=a&client_secret=%s' https://login.microsoftonline.com/t/oauth2/token",
)
SCRIPTS = (
    'ServicePrincipalSecret="%s"',
    "$ServicePrincipalClientSecret='%s';",
    '$ServicePrincipalClientSecret = "%s"',
    "export AZURE_CLIENT_SECRET=%s",
    'servicePrincipalClientSecret="%s";',
    "client_secret: %s",
    "  - password: '%s'",
    "[proxy]\npassword = %s\n",
    'Environment="PROXY_PASSWORD=%s" OTHER=1',
    "ClientSecret                            : %s",
    "PROPERTY CHANGE: Adding PROXY_PASSWORD property. Its value is '%s'.",
    "Property(S): SERVICE_PASSWORD = %s",
)
DOCUMENTS = (
    '{"client_secret":"%s","a":1}',
    '{"clientSecret" : "%s"}',
    '{"refreshToken": "%s"}',
    '{"sharedKey":"%s"}',
    '{"access_token":"%s","token_type":"Bearer"}',
    '{\\"client_secret\\":\\"%s\\"}',
    '{\\\\\\"password\\\\\\":\\\\\\"%s\\\\\\",\\\\\\"x\\\\\\":1}',
    '{"name":"adminPassword","value":"%s"}',
    '{"secret":{"value":"%s"}}',
    '{"tokens": ["%s"]}',
    "<Password>%s</Password>",
    '<add key="ClientSecret" value="%s" />',
    "&quot;client_secret&quot;:&quot;%s&quot;",
    "%%22client_secret%%22%%3A%%22%s%%22",
    "map[Authorization:[Bearer %s] Accept:[*/*]]",
    "{ClientID:a ClientSecret:%s TenantID:t}",
    "Server=tcp:a;User ID=b;Password=%s;Encrypt=True",
    "Server=a;Pwd=%s;",
    "<password><![CDATA[%s]]></password>",
    "machine a login b password %s",
    '"client_secret":\n    "%s",',
    "client_secret: >-\n  %s",
)
HEADERS = (
    "Authorization: Bearer %s",
    "> Proxy-Authorization: Basic %s",
    '"Authorization": "Basic %s"',
    "-H 'Authorization: Bearer %s'",
    "Set-Cookie: session=%s",
)
PLACES = LOG_FIELDS + COMMANDS + SCRIPTS + DOCUMENTS + HEADERS

URLS = (
    "http://user:%s@proxy.corp.example:8080",
    'Get "http://corp%%5Cuser:%s@10.0.0.1:3128/": proxyconnect tcp: dial tcp: lookup proxy',
    "https_proxy=http://user:%s@proxy:8080 no_proxy=localhost",
    "Using HTTPS Proxy                       : http://user:%s@proxy:8080",
    "http:\\/\\/user:%s@proxy:8080",
    "proxy%%3Dhttp%%3A%%2F%%2Fuser%%3A%s%%40proxy%%3A8080",
    'parse "user:%s@proxy:8080": first path segment in URL cannot contain colon',
    "curl -x http://proxy -U user:%s https://a",
    "curl --proxy-user 'user:%s' https://a",
)
KEYED = (
    "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=%s;EndpointSuffix=core.windows.net",
    "Endpoint=sb://a/;SharedAccessKeyName=b;SharedAccessKey=%s",
    '"workspaceKey":"%s"',
)
