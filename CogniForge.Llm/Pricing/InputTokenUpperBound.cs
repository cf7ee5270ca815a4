using System.Runtime.InteropServices;
using System.Text.Json;
using CogniForge.Llm.Gateway.Requests;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.Translation.ResponsesToChat;

namespace CogniForge.Llm.Pricing;

/// <summary>The most input tokens that a request can have.</summary>
internal static class InputTokenUpperBound
{
    /// <summary>
    /// The most that an image costs at the models of <c>prices.json</c>: OpenAI's <c>detail: original</c> has 10,000
    /// patches (openai/codex#19865), which GPT-5.2 multiplies by 1.2 (community.openai.com/t/1372291).
    /// </summary>
    public const int TokensPerImage = 12_000;

    /// <summary>What providers may add to a request, e.g. to explain tools to the model.</summary>
    public const int TokensAddedByProvider = 512;

    private const int BytesPerCustomTool = 128;
    private static readonly string[] _conversations = ["messages", "input", "system", "instructions"];
    private static readonly string[] _contents = ["content", "output", "source"];
    private static readonly string[] _pictures = ["image_url", "source", "file_id", "type", "detail"];

    /// <summary>
    /// Bounds the input. A token has at least one byte, so the body's bytes suffice, except for pictures, linked ones
    /// too. A name of invalid Unicode could hide images, so such a body has no bound.
    /// </summary>
    public static int Estimate(JsonElement body)
    {
        try
        {
            var (images, bytes) = MeasureImages(body, isContent: true, depth: 0);
            var text = (long)GetLength(body) - bytes;
            var added =
                TokensAddedByProvider
                + MeasureTools(body)
                + ToolReferences.Measure(body)
                + MeasureQueries(body)
                + ((long)images * TokensPerImage);
            return (int)Math.Min(int.MaxValue, text + added);
        }
        catch (InvalidOperationException)
        {
            return int.MaxValue;
        }
    }

    /// <summary>A reranking model reads the query with each document.</summary>
    private static long MeasureQueries(JsonElement body) =>
        body.TryGetProperty("query"u8, out var query)
        && body.TryGetProperty("documents"u8, out var documents)
        && documents.ValueKind == JsonValueKind.Array
            ? (long)GetLength(query) * documents.GetArrayLength()
            : 0;

    /// <summary>
    /// What translations and providers add: the parameters of a custom tool, the namespace before each tool's name, the
    /// explanation of a tool that the provider defines, and the names of found tools.
    /// </summary>
    private static long MeasureTools(JsonElement body) =>
        RequestTools
            .GetAll(body)
            .Where(t => t.Tool.ValueKind == JsonValueKind.Object)
            .Sum(t =>
                (t.Tool.Members("type").Any(type => type.Text() == "custom") ? BytesPerCustomTool : 0)
                + (ClientTools.Contains(t.Tool) ? ClientTools.TokensPerTool : 0)
                + (long)t.NamespaceLength
            )
        + ((long)RequestTools.GetAdditional(body).Count() * ClientToolSearch.BytesPerName);

    /// <summary>
    /// Counts all that may be images, and the bytes of the pictures that are not text to the model: not in the input of
    /// a tool, for example.
    /// </summary>
    private static (int Count, long Bytes) MeasureImages(JsonElement element, bool isContent, int depth)
    {
        var (count, bytes) = (0, 0L);
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                Add(MeasureImages(item, isContent, depth));
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            var isImage = RequestImages.IsImage(element);
            (count, bytes) = (isImage ? 1 : 0, isImage && isContent ? GetLength(element) : 0);
            foreach (var member in element.EnumerateObject())
            {
                if (!isImage)
                {
                    var names = depth == 0 ? _conversations : _contents;
                    Add(MeasureImages(member.Value, isContent && names.Any(n => member.NameEquals(n)), depth + 1));
                }
                else if (isContent && !_pictures.Any(n => member.NameEquals(n)))
                {
                    bytes -= JsonMarshal.GetRawUtf8PropertyName(member).Length + GetLength(member.Value);
                }
            }
        }

        return (count, bytes);

        void Add((int Count, long Bytes) found) => (count, bytes) = (count + found.Count, bytes + found.Bytes);
    }

    private static int GetLength(JsonElement element) => JsonMarshal.GetRawUtf8Value(element).Length;
}
