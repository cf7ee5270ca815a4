using System.Buffers;
using CogniForge.Serving.Rpc.Messages;
using Google.Protobuf;
using Grpc.Core;

namespace CogniForge.Serving.Rpc;

/// <summary>Parses requests of inferences whose objects take memory in proportion to their bytes.</summary>
/// <remarks>
/// Each tensor, parameter and text is an object of up to 400 bytes, for which a client sends as few as two. Unknown
/// fields, of which each number takes as much, are not kept.
/// </remarks>
internal static class InferRequestParser
{
    /// <summary>The maximum number of parameters and texts of typed contents. A tensor counts as a hundred.</summary>
    public const int MaxParts = 100_000;

    // 99,000 tensors without contents took a quarter of a second of CPU time.
    private const int PartsPerTensor = 100;

    private const int Inputs = 5;
    private const int Outputs = 6;
    private const int Contents = 5;

    private static readonly MessageParser<ModelInferRequest> _parser =
        ModelInferRequest.Parser.WithDiscardUnknownFields(true);

    /// <summary>Parses a message.</summary>
    /// <exception cref="RpcException">It has too many parts.</exception>
    /// <exception cref="InvalidProtocolBufferException">It is malformed.</exception>
    public static ModelInferRequest Parse(DeserializationContext context)
    {
        var payload = context.PayloadAsReadOnlySequence();
        var count = CountParts(payload.IsSingleSegment ? payload.FirstSpan : payload.ToArray(), Level.Request);
        return count <= MaxParts
            ? _parser.ParseFrom(payload)
            : throw new RpcException(
                new Status(
                    StatusCode.InvalidArgument,
                    $"A request may have {MaxParts} parameters and texts, and a tensor counts as {PartsPerTensor}; "
                        + $"it has {count}. Send texts as raw contents."
                )
            );
    }

    // What is malformed ends the count: the parser says what is wrong.
    private static int CountParts(ReadOnlySpan<byte> message, Level level)
    {
        var count = 0;
        while (TryReadNumber(ref message, out var tag))
        {
            switch ((WireFormat.WireType)(tag & 7))
            {
                case WireFormat.WireType.Varint when TryReadNumber(ref message, out _):
                    break;
                case WireFormat.WireType.Fixed64 when message.Length >= sizeof(ulong):
                    message = message[sizeof(ulong)..];
                    break;
                case WireFormat.WireType.Fixed32 when message.Length >= sizeof(uint):
                    message = message[sizeof(uint)..];
                    break;
                case WireFormat.WireType.LengthDelimited
                    when TryReadNumber(ref message, out var length) && length <= (ulong)message.Length:
                    count += level == Level.Request && tag >> 3 is Inputs or Outputs ? PartsPerTensor : 1;
                    if (Descend(level, tag >> 3) is { } inner)
                    {
                        count += CountParts(message[..(int)length], inner);
                    }

                    message = message[(int)length..];
                    break;
                default:
                    return count;
            }
        }

        return count;
    }

    private static Level? Descend(Level level, ulong field) =>
        (level, field) switch
        {
            (Level.Request, Inputs) => Level.Tensor,
            (Level.Request, Outputs) => Level.Leaf,
            (Level.Tensor, Contents) => Level.Leaf,
            _ => null,
        };

    private static bool TryReadNumber(ref ReadOnlySpan<byte> message, out ulong number)
    {
        number = 0;
        for (var i = 0; i < message.Length && i < 10; i++)
        {
            number |= (message[i] & 0x7Ful) << (7 * i);
            if (message[i] < 0x80)
            {
                message = message[(i + 1)..];
                return true;
            }
        }

        return false;
    }

    private enum Level
    {
        Request,
        Tensor,
        Leaf,
    }
}
