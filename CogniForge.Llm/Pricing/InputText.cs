using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Gateway.Requests;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Pricing;

/// <summary>Extracts the text of a request that the model reads, in any protocol, to estimate its tokens.</summary>
internal static class InputText
{
    /// <summary>The tokens of an image, and of a file in base64.</summary>
    public const int TokensPerFile = 1_000;

    private const int MinFileLength = 4_000;

    private static readonly string[] _fields =
    [
        "messages",
        "system",
        "input",
        "instructions",
        "tools",
        "functions",
        "prompt",
        "suffix",
        "query",
        "documents",
    ];

    // Objects that the model reads as JSON, with the names of their members.
    private static readonly string[] _json = ["input", "arguments", "parameters", "input_schema", "schema"];

    // What only labels the parts of a request.
    private static readonly string[] _labels =
    [
        "type",
        "role",
        "id",
        "call_id",
        "tool_call_id",
        "tool_use_id",
        "status",
        "detail",
        "cache_control",
    ];

    private static readonly SearchValues<byte> _base64 = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_="u8
    );

    public static void Read(InferenceRequest request, TokenTally tally)
    {
        foreach (var field in _fields)
        {
            Read(request.Body.Member(field), tally);
        }
    }

    private static void Read(JsonElement value, TokenTally tally)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                ReadString(value, tally);
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    Read(item, tally);
                }

                break;
            case JsonValueKind.Object when RequestImages.IsImage(value):
                tally.AddTokens(TokensPerFile);
                break;
            case JsonValueKind.Number: // a prompt may be an array of tokens
                tally.AddTokens(1);
                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    ReadMember(member.ValidName(), member.Value, tally);
                }

                break;
        }
    }

    private static void ReadMember(string name, JsonElement value, TokenTally tally)
    {
        if (value.ValueKind == JsonValueKind.Object && _json.Contains(name))
        {
            tally.AddJson(JsonMarshal.GetRawUtf8Value(value));
        }
        else if (!_labels.Contains(name))
        {
            Read(value, tally);
        }
    }

    private static void ReadString(JsonElement value, TokenTally tally)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value)[1..^1];
        if (raw.Length > MinFileLength && (raw.StartsWith("data:"u8) || !raw.ContainsAnyExcept(_base64)))
        {
            tally.AddTokens(TokensPerFile);
        }
        else
        {
            tally.AddJson(raw);
        }
    }
}
