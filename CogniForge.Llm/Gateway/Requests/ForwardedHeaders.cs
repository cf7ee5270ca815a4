namespace CogniForge.Llm.Gateway.Requests;

/// <summary>The client's headers that providers receive.</summary>
internal static class ForwardedHeaders
{
    private static readonly string[] _names =
    [
        "anthropic-version",
        "anthropic-beta",
        "openai-beta",
        "http-referer",
        "x-title",
        "x-openrouter-title",
        "x-openrouter-categories",
    ];

    public static List<KeyValuePair<string, string>> Read(IHeaderDictionary headers)
    {
        var forwarded = new List<KeyValuePair<string, string>>();
        foreach (var name in _names)
        {
            if (headers.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text)
            {
                forwarded.Add(new(name, text));
            }
        }

        return forwarded;
    }
}
