using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CogniForge.Llm.Resilience;

/// <summary>
/// The wordings in <c>provider-errors.json</c> by which providers report what their status and error code do not.
/// </summary>
internal static class ProviderErrorPhrases
{
    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private static readonly IReadOnlyList<Wording> _all = Read();

    /// <summary>
    /// Finds the category of a message that contains all phrases of a wording; null: there is none. What a client wrote
    /// itself and the provider only quotes does not blame the gateway's key, account or model.
    /// </summary>
    public static ErrorCategory? Find(string message, ReadOnlySpan<byte> request)
    {
        string? asked = null; // decoded only if a wording fits
        foreach (var wording in _all)
        {
            if (ContainsAll(message, wording))
            {
                // An agent's history often mentions long prompts, and the client needs to know of its own.
                if (
                    wording.Category == ErrorCategory.ContextLength
                    || !ContainsAll(asked ??= Encoding.UTF8.GetString(request), wording)
                )
                {
                    return wording.Category;
                }
            }
        }

        return null;
    }

    private static bool ContainsAll(string text, Wording wording) =>
        Array.TrueForAll(wording.Phrases, p => text.Contains(p, StringComparison.OrdinalIgnoreCase));

    private static List<Wording> Read()
    {
        using var stream = typeof(ProviderErrorPhrases).Assembly.GetManifestResourceStream(
            typeof(ProviderErrorPhrases),
            "provider-errors.json"
        )!;
        return JsonSerializer.Deserialize<List<Wording>>(stream, _options)!;
    }

    /// <param name="Category">What the wording reports.</param>
    /// <param name="Phrases">The parts that all occur in the message, in any case.</param>
    /// <param name="Source">The providers, and the documentation or report that quotes the wording.</param>
    private sealed record Wording(ErrorCategory Category, string[] Phrases, string Source);
}
