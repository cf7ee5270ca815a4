using System.Globalization;
using System.Text.Json;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Providers;

/// <summary>Reads a page of a provider's list of models, as liberally as real servers need.</summary>
internal static class ModelListReader
{
    private const string GeminiPrefix = "models/";

    /// <summary>Reads a page.</summary>
    /// <param name="body">The body, JSON in UTF-8.</param>
    /// <returns>The models, and the id after which the next page begins; null: it is the last.</returns>
    /// <exception cref="JsonException">The body is not a list of models.</exception>
    public static (IReadOnlyList<OfferedModel> Models, string? Next) Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;

        // Together's list is a bare array (odysseus-dev/odysseus#2202).
        var list =
            root.ValueKind == JsonValueKind.Array ? root
            : root.Member("data") is { ValueKind: JsonValueKind.Array } data ? data
            : root.Member("models");
        if (list.ValueKind != JsonValueKind.Array)
        {
            throw new JsonException("The body has no list of models.");
        }

        List<OfferedModel> models = [.. list.Items().Select(ReadModel).OfType<OfferedModel>()];
        var hasMore = root.Member("has_more").ValueKind == JsonValueKind.True;
        return (models, hasMore ? root.Text("last_id") ?? models.LastOrDefault()?.Id : null);
    }

    private static OfferedModel? ReadModel(JsonElement model)
    {
        var id = model.ValueKind == JsonValueKind.String ? model.Text() : model.Text("id") ?? model.Text("name");
        if (id is null || !TextLimits.IsName(id))
        {
            return null;
        }

        // Gemini's ids have a prefix that requests go without (EKKOLearnAI/hermes-studio#1510).
        id = id.StartsWith(GeminiPrefix, StringComparison.Ordinal) ? id[GeminiPrefix.Length..] : id;
        return new(id, ReadCreated(model), TextLimits.Truncate(model.Text("display_name")));
    }

    /// <summary>OpenAI's list has seconds since the epoch, Anthropic's a date.</summary>
    private static long ReadCreated(JsonElement model) =>
        model.Member("created") is { ValueKind: JsonValueKind.Number } created && created.TryGetInt64(out var time)
            ? time
        : DateTimeOffset.TryParse(
            model.Text("created_at"),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var date
        )
            ? date.ToUnixTimeSeconds()
        : 0;
}
