using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation;

/// <summary>
/// The web pages that a text cites: <c>citations</c> of Anthropic's text blocks, <c>annotations</c> of the type
/// <c>url_citation</c> in OpenAI's formats. Anthropic's citations of documents have no URL and no equivalent.
/// </summary>
internal static class UrlCitations
{
    /// <summary>The member of a chat message, and of a part of a response.</summary>
    public const string Member = "annotations";

    /// <summary>How many citations of a message are translated; a stream keeps them until its text ends.</summary>
    public const int MaxCount = 1_000;

    private const string Type = "url_citation";
    private const string WebPage = "web_search_result_location";

    /// <summary>Whether one of Anthropic's citations is of a web page.</summary>
    public static bool IsOfWebPage(JsonObject citation) => citation["type"].Text() == WebPage;

    /// <summary>Translates a citation of a text block to that of a chat; null: it cites no web page.</summary>
    /// <param name="citation">Anthropic's citation.</param>
    /// <param name="start">Where the block begins in the message's text, in UTF-16 characters.</param>
    /// <param name="end">Where it ends, exclusive.</param>
    public static JsonObject? ToChat(JsonObject citation, int start, int end) =>
        IsOfWebPage(citation) && citation["url"].Text() is { } url
            ? new()
            {
                ["type"] = Type,
                [Type] = new JsonObject
                {
                    ["end_index"] = end,
                    ["start_index"] = start,
                    ["title"] = citation["title"].Text() ?? "",
                    ["url"] = url,
                },
            }
            : null;

    /// <summary>Translates the annotations of a chat message or delta to those of a response's part.</summary>
    /// <param name="annotations">The annotations.</param>
    /// <param name="offset">The characters of the message's text before the part.</param>
    public static IEnumerable<JsonObject> ToResponses(JsonNode? annotations, int offset) =>
        from annotation in annotations.Objects()
        let citation = annotation[Type] as JsonObject
        where annotation["type"].Text() == Type && citation?["url"].Text() is not null
        select new JsonObject
        {
            ["type"] = Type,
            ["end_index"] = Math.Max(0, (citation["end_index"].Int32() ?? 0) - offset),
            ["start_index"] = Math.Max(0, (citation["start_index"].Int32() ?? 0) - offset),
            ["title"] = citation["title"].Text() ?? "",
            ["url"] = citation["url"].Text(),
        };
}
