namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>Example bodies for the OpenAPI document of a service.</summary>
internal sealed class ApiKeyExamples(string service, IKeyLimits? limits)
{
    private readonly string _scopes = $"""["{Scopes.Read(service)}"]""";

    public string Caller => $$"""{ {{Identity}}, "expiresAt": null }""";

    public string CreateRequest =>
        $$"""
        {
          "name": "build server",
          "scopes": {{_scopes}},
          "expiresAt": "2099-01-01T00:00:00+00:00"{{(limits is null ? "" : $", \"limits\": {limits.Example}")}}
        }
        """;

    public string CreatedKey => $$"""{ "key": "cf_…", "details": {{Key}} }""";

    public string Key => CreateKey("null");

    public string DisabledKey => CreateKey("\"2026-11-21T10:00:00+00:00\"");

    private string Identity =>
        $"""
        "id": "01a1fd55-fb34-7c75-ad65-0084cbb1d99c", "name": "build server", "scopes": {_scopes}
        """;

    private string CreateKey(string disabledAt) =>
        $$"""
        {
          {{Identity}},
          "createdAt": "2026-11-21T09:13:52+00:00",
          "expiresAt": "2099-01-01T00:00:00+00:00",
          "revokedAt": null,
          "disabledAt": {{disabledAt}},
          "limits": {{limits?.Example ?? "null"}},
          "allowedAddresses": ["192.0.2.0/24", "2001:db8::/32"],
          "metadata": { "team": "red" }
        }
        """;
}
