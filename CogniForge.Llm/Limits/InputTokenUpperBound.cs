using System.Runtime.InteropServices;
using System.Text.Json;

namespace CogniForge.Llm.Limits;

/// <summary>How many input tokens a request can have at most.</summary>
internal static class InputTokenUpperBound
{
    /// <summary>The most that an image costs (providers scale images down to about this).</summary>
    public const int Image = 5_000;

    /// <summary>What providers may add to a request, e.g. to explain tools to the model.</summary>
    public const int Added = 512;

    /// <summary>A token is at least one byte of what is sent, so the body's bytes are enough; only images count by themselves, whether they are sent or linked to.</summary>
    /// <param name="body">The request.</param>
    public static int Estimate(JsonElement body)
    {
        var (images, bytes) = Images(body);
        return (int)Math.Min(int.MaxValue, Added + (long)Raw(body) - bytes + ((long)images * Image));
    }

    /// <summary>Whether a part of a message is an image, in any client's format.</summary>
    /// <param name="part">An object.</param>
    public static bool IsImage(JsonElement part) =>
        part.TryGetProperty("type"u8, out var type)
        && type.ValueKind == JsonValueKind.String
        && (type.ValueEquals("image_url"u8) || type.ValueEquals("image"u8) || type.ValueEquals("input_image"u8));

    private static (int Count, long Bytes) Images(JsonElement element)
    {
        var (count, bytes) = (0, 0L);
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                Add(Images(item));
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            if (IsImage(element))
            {
                return (1, Raw(element));
            }

            foreach (var member in element.EnumerateObject())
            {
                Add(Images(member.Value));
            }
        }

        return (count, bytes);

        void Add((int Count, long Bytes) found) => (count, bytes) = (count + found.Count, bytes + found.Bytes);
    }

    private static int Raw(JsonElement element) => JsonMarshal.GetRawUtf8Value(element).Length;
}
