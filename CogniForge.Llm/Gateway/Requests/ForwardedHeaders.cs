using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Gateway.Requests;

/// <summary>The client's headers that providers receive.</summary>
internal static class ForwardedHeaders
{
    private static readonly string[] _names =
    [
        "anthropic-version",
        "anthropic-beta",
        "openai-beta",
        "x-openai-internal-codex-responses-lite", // OpenAI reads Codex's tools within the input only with it
        "http-referer",
        "x-title",
        "x-openrouter-title",
        "x-openrouter-categories",
    ];

    // Servers reject more than about 8 kB of headers, some by closing the connection.
    private const int MaxCharacters = 4_000;

    public static List<KeyValuePair<string, string>> Read(IHeaderDictionary headers, FieldErrors errors)
    {
        var forwarded = new List<KeyValuePair<string, string>>();
        foreach (var name in _names)
        {
            if (headers.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text)
            {
                if (text.Length > MaxCharacters)
                {
                    errors.Add(new(name, $"must be at most {MaxCharacters} characters"));
                }

                forwarded.Add(new(name, text));
            }
        }

        return forwarded;
    }
}
