using System.Runtime.InteropServices;
using CogniForge.Serving.Protocol;
using Microsoft.ML.OnnxRuntime;
using TensorElementType = Microsoft.ML.OnnxRuntime.Tensors.TensorElementType;

namespace CogniForge.Serving.Runners.Onnx;

/// <summary>The datatypes that the protocol and ONNX share, and tensors of both.</summary>
internal static class OnnxDatatypes
{
    /// <summary>Finds the protocol's datatype; null if it has none.</summary>
    public static Datatype? Find(TensorElementType type) =>
        type switch
        {
            TensorElementType.Bool => Datatype.Bool,
            TensorElementType.UInt8 => Datatype.UInt8,
            TensorElementType.UInt16 => Datatype.UInt16,
            TensorElementType.UInt32 => Datatype.UInt32,
            TensorElementType.UInt64 => Datatype.UInt64,
            TensorElementType.Int8 => Datatype.Int8,
            TensorElementType.Int16 => Datatype.Int16,
            TensorElementType.Int32 => Datatype.Int32,
            TensorElementType.Int64 => Datatype.Int64,
            TensorElementType.Float16 => Datatype.Fp16,
            TensorElementType.Float => Datatype.Fp32,
            TensorElementType.Double => Datatype.Fp64,
            TensorElementType.String => Datatype.Bytes,
            _ => null,
        };

    /// <summary>Creates ONNX Runtime's view of a tensor, without a copy of numbers but those of FP16.</summary>
    public static OrtValue ToValue(Tensor tensor)
    {
        var shape = tensor.Shape.Select(size => (long)size).ToArray();
        return tensor switch
        {
            Tensor<bool> t => Create(t.Memory, shape),
            Tensor<byte> t => Create(t.Memory, shape),
            Tensor<ushort> t => Create(t.Memory, shape),
            Tensor<uint> t => Create(t.Memory, shape),
            Tensor<ulong> t => Create(t.Memory, shape),
            Tensor<sbyte> t => Create(t.Memory, shape),
            Tensor<short> t => Create(t.Memory, shape),
            Tensor<int> t => Create(t.Memory, shape),
            Tensor<long> t => Create(t.Memory, shape),
            Tensor<float> t => Create(t.Memory, shape),
            Tensor<double> t => Create(t.Memory, shape),
            Tensor<Half> t => Create<Float16>(MemoryMarshal.Cast<Half, Float16>(t.Data).ToArray(), shape),
            Tensor<string> t => CreateStrings(t.Data, shape),
            _ => throw new InvalidOperationException($"{tensor.Datatype.Name} has no ONNX type."),
        };
    }

    /// <summary>Copies an output; null if the protocol lacks its type.</summary>
    public static Tensor? ToTensor(string name, OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        var shape = info.Shape.Select(size => checked((int)size)).ToArray();
        return info.ElementDataType switch
        {
            TensorElementType.Bool => Copy(Datatype.Bool),
            TensorElementType.UInt8 => Copy(Datatype.UInt8),
            TensorElementType.UInt16 => Copy(Datatype.UInt16),
            TensorElementType.UInt32 => Copy(Datatype.UInt32),
            TensorElementType.UInt64 => Copy(Datatype.UInt64),
            TensorElementType.Int8 => Copy(Datatype.Int8),
            TensorElementType.Int16 => Copy(Datatype.Int16),
            TensorElementType.Int32 => Copy(Datatype.Int32),
            TensorElementType.Int64 => Copy(Datatype.Int64),
            TensorElementType.Float => Copy(Datatype.Fp32),
            TensorElementType.Double => Copy(Datatype.Fp64),
            TensorElementType.Float16 => new Tensor<Half>(
                name,
                Datatype.Fp16,
                [.. shape],
                MemoryMarshal.Cast<Float16, Half>(value.GetTensorDataAsSpan<Float16>()).ToArray()
            ),
            TensorElementType.String => new Tensor<string>(
                name,
                Datatype.Bytes,
                [.. shape],
                value.GetStringTensorAsArray()
            ),
            _ => null,
        };

        Tensor<T> Copy<T>(Datatype<T> datatype)
            where T : unmanaged => new(name, datatype, [.. shape], value.GetTensorDataAsSpan<T>().ToArray());
    }

    private static OrtValue Create<T>(Memory<T> memory, long[] shape)
        where T : unmanaged =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory, shape);

    private static OrtValue CreateStrings(ReadOnlySpan<string> strings, long[] shape)
    {
        var value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, shape);
        for (var i = 0; i < strings.Length; i++)
        {
            value.StringTensorSetElementAt(strings[i].AsSpan(), i);
        }

        return value;
    }
}
