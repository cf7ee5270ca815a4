using System.Buffers;
using System.Text.Json;
using CogniForge.Llm.Gateway.Requests;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.Translation;

namespace CogniForge.Llm.Gateway;

/// <summary>
/// The memory that JSON takes by the number of its values and names, which are counted before they are parsed: millions
/// of values of two bytes take twelve bytes each, or hundreds once they are translated.
/// </summary>
internal static class JsonMemory
{
    /// <summary>
    /// The memory in bytes of a token while it is translated. Measured: 150,000 messages of one letter have 900,000
    /// tokens and take 230 MB.
    /// </summary>
    public const long BytesPerToken = 256;

    /// <summary>The same of a token that is only read.</summary>
    public const long BytesPerReadToken = 12;

    private const int MaxUncountedBytes = 8 * 1024;

    // What begins a value or a name; an escape may stand for one.
    private static readonly SearchValues<byte> _beginnings = SearchValues.Create("{[,:\\"u8);

    /// <summary>
    /// Counts tokens up to a maximum, and up to the first error of the syntax. The arguments of tool calls are JSON in
    /// a text, which a translation parses, as are details in a signature: their tokens count too, if anything too many,
    /// and have a maximum.
    /// </summary>
    /// <param name="utf8">The JSON.</param>
    /// <param name="max">Where counting ends.</param>
    /// <returns>
    /// The tokens, more than the maximum if one is exceeded; 0 for small JSON, where counting costs more than it can
    /// take.
    /// </returns>
    public static long CountTokens(ReadOnlySpan<byte> utf8, long max)
    {
        var tokens = 0L;
        if (utf8.Length <= MaxUncountedBytes)
        {
            return tokens;
        }

        var json = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = StrictJson.MaxDepth });
        var (isArguments, isSignature, argumentTokens) = (false, false, 0L);
        try
        {
            while (tokens + argumentTokens <= max && json.Read())
            {
                tokens++;
                if ((isArguments || isSignature) && json.TokenType == JsonTokenType.String)
                {
                    argumentTokens += isArguments
                        ? json.ValueSpan.CountAny(_beginnings)
                        : ReasoningDetails.DecodeCarried(ref json).CountAny(_beginnings);
                    if (argumentTokens > RequestLimits.MaxArgumentTokens)
                    {
                        return max + 1;
                    }
                }

                isArguments = IsName(ref json, "arguments"u8);
                isSignature = IsName(ref json, "signature"u8) || IsName(ref json, "encrypted_content"u8);
            }
        }
        catch (JsonException)
        {
            // Parsing reports it.
        }

        return tokens + argumentTokens;
    }

    private static bool IsName(ref Utf8JsonReader json, ReadOnlySpan<byte> name) =>
        json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals(name);
}
