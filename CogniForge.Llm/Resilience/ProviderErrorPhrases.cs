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

    /// <summary>Finds the category of a message that contains all phrases of a wording; null: there is none.</summary>
    public static ErrorCategory? Find(string message) =>
        _all.FirstOrDefault(w =>
            Array.TrueForAll(w.Phrases, p => message.Contains(p, StringComparison.OrdinalIgnoreCase))
        )?.Category;

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
