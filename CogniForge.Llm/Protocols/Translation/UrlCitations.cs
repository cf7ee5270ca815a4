using System.Text;
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

    private const int MaxCited = 150; // characters of cited_text, as at Anthropic
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

    /// <summary>The annotations of a chat message or delta that cite a web page.</summary>
    public static IEnumerable<JsonObject> OfChat(JsonNode? annotations) =>
        annotations
            .Objects()
            .Where(a => a["type"].Text() == Type && (a[Type] as JsonObject)?["url"].Text() is not null);

    /// <summary>
    /// Annotations of the pages that Perplexity lists beside the choices: <c>search_results</c>, or only their
    /// addresses in <c>citations</c> (docs.perplexity.ai).
    /// </summary>
    public static IEnumerable<JsonObject> OfSearch(JsonNode? results, JsonNode? citations)
    {
        var pages = results.Objects().Select(r => (Url: r["url"].Text(), Page: r)).ToList();
        var urls = pages.Count > 0 ? null : citations as JsonArray;
        return pages
            .Concat((urls ?? []).Select(u => (Url: u.Text(), Page: new JsonObject())))
            .Where(p => p.Url is not null)
            .Select(p => new JsonObject
            {
                ["type"] = Type,
                [Type] = new JsonObject
                {
                    ["url"] = p.Url,
                    ["title"] = p.Page["title"].Text(),
                    ["content"] = p.Page["snippet"].Text(),
                },
            });
    }

    /// <summary>Translates an annotation to Anthropic's citation, without what only Anthropic can encrypt.</summary>
    /// <param name="annotation">One of <see cref="OfChat"/>.</param>
    /// <param name="text">The text that cites.</param>
    public static JsonObject ToMessages(JsonObject annotation, StringBuilder text)
    {
        var citation = annotation[Type]!.AsObject();
        return new()
        {
            ["type"] = WebPage,
            ["url"] = citation["url"].Text(),
            ["title"] = citation["title"].Text(),
            ["cited_text"] = citation["content"].Text() is { } content
                ? Cut(new(content), 0, content.Length)
                : Cut(text, citation["start_index"].Int32() ?? 0, citation["end_index"].Int32() ?? 0),
            ["encrypted_index"] = "",
        };
    }

    /// <summary>Whether Anthropic would refuse a citation: another provider's lacks the encrypted index.</summary>
    public static bool IsForeign(JsonObject citation) =>
        IsOfWebPage(citation) && citation["encrypted_index"].Text() is null;

    /// <summary>Markdown links, for pages that are cited after the end of the text; empty if there are none.</summary>
    public static string Link(IEnumerable<JsonObject> annotations) =>
        string.Join(
            ' ',
            from annotation in annotations
            let citation = annotation[Type]!
            let url = citation["url"].Text()
            select $"[{citation["title"].Text() ?? url}]({url})"
        );

    /// <summary>Translates the annotations of a chat message or delta to those of a response's part.</summary>
    /// <param name="annotations">The annotations.</param>
    /// <param name="offset">The characters of the message's text before the part.</param>
    public static IEnumerable<JsonObject> ToResponses(JsonNode? annotations, int offset) =>
        from annotation in OfChat(annotations)
        let citation = annotation[Type]!.AsObject()
        select new JsonObject
        {
            ["type"] = Type,
            ["end_index"] = Math.Max(0, (citation["end_index"].Int32() ?? 0) - offset),
            ["start_index"] = Math.Max(0, (citation["start_index"].Int32() ?? 0) - offset),
            ["title"] = citation["title"].Text() ?? "",
            ["url"] = citation["url"].Text(),
        };

    /// <summary>A part of a text; empty if the positions are not within it or split a character.</summary>
    private static string Cut(StringBuilder text, int start, int end)
    {
        var isPart = start >= 0 && start < end && end <= text.Length && !char.IsLowSurrogate(text[start]);
        var length = isPart ? Math.Min(end - start, MaxCited) : 0;
        length -= length > 0 && char.IsHighSurrogate(text[start + length - 1]) ? 1 : 0;
        return length > 0 ? text.ToString(start, length) : "";
    }
}
