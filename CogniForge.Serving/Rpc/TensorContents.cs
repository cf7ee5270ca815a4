using System.Collections.Immutable;
using System.Numerics;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.Serving.Protocol;
using CogniForge.Serving.Rpc.Messages;

namespace CogniForge.Serving.Rpc;

/// <summary>Reads tensors from the typed contents of a message.</summary>
internal static class TensorContents
{
    /// <summary>Reads the contents of a tensor; null with the error if they do not match.</summary>
    public static Tensor? Read(
        string name,
        Datatype datatype,
        ImmutableArray<int> shape,
        InferTensorContents contents,
        out FieldError? error
    )
    {
        FieldError? failure = null;
        var tensor = datatype switch
        {
            Datatype<bool> type => Create(type, contents.BoolContents, v => v),
            Datatype<sbyte> type => Narrow(type, contents.IntContents),
            Datatype<short> type => Narrow(type, contents.IntContents),
            Datatype<int> type => Create(type, contents.IntContents, v => v),
            Datatype<long> type => Create(type, contents.Int64Contents, v => v),
            Datatype<byte> type => Narrow(type, contents.UintContents),
            Datatype<ushort> type => Narrow(type, contents.UintContents),
            Datatype<uint> type => Create(type, contents.UintContents, v => v),
            Datatype<ulong> type => Create(type, contents.Uint64Contents, v => v),
            Datatype<float> type => Create(type, contents.Fp32Contents, v => v),
            Datatype<double> type => Create(type, contents.Fp64Contents, v => v),
            Datatype<string> type => CreateTexts(type),
            _ => Fail("contents", "must be absent for FP16, which raw_input_contents carries"),
        };
        error = failure;
        return tensor;

        Tensor? Narrow<TWide, T>(Datatype<T> type, IReadOnlyList<TWide> values)
            where TWide : IBinaryInteger<TWide>
            where T : IBinaryInteger<T>
        {
            var first = values.TakeWhile(v => TWide.CreateTruncating(T.CreateTruncating(v)) == v).Count();
            return first == values.Count
                ? Create(type, values, T.CreateTruncating)
                : Fail($"contents[{first}]", type.Rule);
        }

        Tensor? Create<TWide, T>(Datatype<T> type, IReadOnlyList<TWide> values, Func<TWide, T> convert) =>
            values.Count == Tensor.Product(shape)
                ? new Tensor<T>(name, type, shape, [.. values.Select(convert)])
                : Fail("contents", $"must have {Tensor.Product(shape)} elements of {type.Name}, has {values.Count}");

        Tensor? CreateTexts(Datatype<string> type)
        {
            var texts = new string[contents.BytesContents.Count];
            for (var i = 0; i < texts.Length; i++)
            {
                if (!BytesCodec.TryDecode(contents.BytesContents[i].Span, out texts[i]))
                {
                    return Fail($"contents[{i}]", type.Rule);
                }
            }

            return Create(type, texts, v => v);
        }

        Tensor? Fail(string path, string rule)
        {
            failure = new(path, rule);
            return null;
        }
    }
}
