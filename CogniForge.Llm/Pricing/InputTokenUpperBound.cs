using System.Runtime.InteropServices;
using System.Text.Json;
using CogniForge.Llm.Gateway.Requests;

namespace CogniForge.Llm.Pricing;

/// <summary>The most input tokens that a request can have.</summary>
internal static class InputTokenUpperBound
{
    /// <summary>The most that an image costs; providers scale images down to about this.</summary>
    public const int TokensPerImage = 5_000;

    /// <summary>What providers may add to a request, e.g. to explain tools to the model.</summary>
    public const int TokensAddedByProvider = 512;

    private const int BytesPerCustomTool = 128;

    /// <summary>
    /// Bounds the input. A token has at least one byte, so the body's bytes suffice, except for images, linked ones
    /// too. A name of invalid Unicode could hide images, so such a body has no bound.
    /// </summary>
    public static int Estimate(JsonElement body)
    {
        try
        {
            var (images, bytes) = MeasureImages(body);
            var text = (long)GetLength(body) - bytes;
            var added = TokensAddedByProvider + MeasureTools(body) + ((long)images * TokensPerImage);
            return (int)Math.Min(int.MaxValue, text + added);
        }
        catch (InvalidOperationException)
        {
            return int.MaxValue;
        }
    }

    /// <summary>
    /// The bytes that a translation adds: the parameters of a custom tool, and the namespace before each tool's name.
    /// </summary>
    private static long MeasureTools(JsonElement element, int? nameLength = null)
    {
        if (!element.TryGetProperty("tools"u8, out var tools) || tools.ValueKind != JsonValueKind.Array)
        {
            return 0;
        }

        var bytes = 0L;
        foreach (var tool in tools.EnumerateArray().Where(t => t.ValueKind == JsonValueKind.Object))
        {
            var isCustom =
                tool.TryGetProperty("type"u8, out var type)
                && type.ValueKind == JsonValueKind.String
                && type.ValueEquals("custom"u8);
            bytes += (isCustom ? BytesPerCustomTool : 0) + (nameLength ?? 0);
            if (nameLength is null)
            {
                bytes += MeasureTools(tool, tool.TryGetProperty("name"u8, out var name) ? GetLength(name) : 0);
            }
        }

        return bytes;
    }

    private static (int Count, long Bytes) MeasureImages(JsonElement element)
    {
        var (count, bytes) = (0, 0L);
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                Add(MeasureImages(item));
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            if (RequestImages.IsImage(element))
            {
                return (1, GetLength(element));
            }

            foreach (var member in element.EnumerateObject())
            {
                Add(MeasureImages(member.Value));
            }
        }

        return (count, bytes);

        void Add((int Count, long Bytes) found) => (count, bytes) = (count + found.Count, bytes + found.Bytes);
    }

    private static int GetLength(JsonElement element) => JsonMarshal.GetRawUtf8Value(element).Length;
}
