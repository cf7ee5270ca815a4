using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.Serving.Inference;
using CogniForge.Serving.Protocol;
using CogniForge.Serving.Rpc.Messages;
using Google.Protobuf;

namespace CogniForge.Serving.Rpc;

/// <summary>Converts the messages of an inference. Responses have raw contents, as Triton's do.</summary>
internal static class InferMessages
{
    // Triton's parameter of streamed responses.
    private const string FinalResponse = "triton_final_response";

    /// <summary>Reads a request and stops at the first error. Never throws.</summary>
    public static bool TryRead(
        ModelInferRequest message,
        [NotNullWhen(true)] out InferRequest? request,
        [NotNullWhen(false)] out FieldError? error
    )
    {
        request = null;
        error = Validate(message);
        if (error is not null)
        {
            return false;
        }

        var inputs = new List<Tensor>();
        var left = InferRequest.MaxElements;
        for (var i = 0; i < message.Inputs.Count; i++)
        {
            var raw = message.RawInputContents.Count > 0 ? message.RawInputContents[i].Span : default;
            var tensor = ReadTensor(
                message.Inputs[i],
                raw,
                message.RawInputContents.Count > 0,
                left,
                out error
            );
            if (tensor is null)
            {
                error = error!.Value with { Path = $"inputs[{i}].{error.Value.Path}" };
                return false;
            }

            left -= tensor.Count;
            inputs.Add(tensor);
        }

        request = new(
            message.Id.Length == 0 ? null : message.Id,
            ReadParameters(message),
            inputs,
            [.. message.Outputs.Select(output => new RequestedOutput(output.Name, null))]
        );
        return true;
    }

    /// <summary>Reads the parameter <see cref="RequestTimeout"/>; false: it is wrong.</summary>
    public static bool TryReadTimeout(
        ModelInferRequest message,
        out TimeSpan? timeout,
        [NotNullWhen(false)] out FieldError? error
    )
    {
        (timeout, error) = (null, null);
        return !message.Parameters.TryGetValue(RequestTimeout.Name, out var value)
            || RequestTimeout.TryRead(
                value.ParameterChoiceCase switch
                {
                    InferParameter.ParameterChoiceOneofCase.Int64Param => value.Int64Param,
                    InferParameter.ParameterChoiceOneofCase.Uint64Param => (long)Math.Min(
                        value.Uint64Param,
                        long.MaxValue
                    ),
                    _ => -1,
                },
                out timeout,
                out error
            );
    }

    /// <summary>Writes a response.</summary>
    public static ModelInferResponse Write(InferResponse response)
    {
        var message = new ModelInferResponse
        {
            ModelName = response.ModelName,
            ModelVersion = response.ModelVersion.ToString(CultureInfo.InvariantCulture),
            Id = response.Id ?? "",
        };
        foreach (var (name, value) in response.Parameters ?? new Dictionary<string, string>())
        {
            message.Parameters.Add(name, new InferParameter { StringParam = value });
        }

        foreach (var tensor in response.Outputs)
        {
            var output = new ModelInferResponse.Types.InferOutputTensor
            {
                Name = tensor.Name,
                Datatype = tensor.Datatype.Name,
            };
            output.Shape.AddRange(tensor.Shape.Select(size => (long)size));
            message.Outputs.Add(output);
            var raw = new ArrayBufferWriter<byte>(Math.Max(1, checked((int)tensor.RawBytes)));
            tensor.WriteRaw(raw);
            message.RawOutputContents.Add(UnsafeByteOperations.UnsafeWrap(raw.WrittenMemory));
        }

        return message;
    }

    /// <summary>Writes a part of a text, as a response that others follow.</summary>
    public static ModelInferResponse WriteText(ModelInferRequest request, string text)
    {
        var part = new Tensor<string>("text", Datatype.Bytes, [1], new[] { text });
        var response = Write(new(request.ModelName, 0, request.Id, [part]));
        response.ModelVersion = request.ModelVersion;
        response.Parameters.Add(FinalResponse, new InferParameter { BoolParam = false });
        return response;
    }

    /// <summary>Marks the last response to a request; the client of a text has its outputs already.</summary>
    public static ModelInferResponse WriteLast(ModelInferResponse response, bool hasTexts)
    {
        if (hasTexts)
        {
            response.Outputs.Clear();
            response.RawOutputContents.Clear();
        }

        response.Parameters[FinalResponse] = new InferParameter { BoolParam = true };
        return response;
    }

    /// <summary>The parameters as REST has them.</summary>
    private static JsonElement? ReadParameters(ModelInferRequest message) =>
        message.Parameters.Count == 0
            ? null
            : JsonSerializer.SerializeToElement(
                message.Parameters.ToDictionary(p => p.Key, p => ReadParameter(p.Value))
            );

    private static object? ReadParameter(InferParameter parameter) =>
        parameter.ParameterChoiceCase switch
        {
            InferParameter.ParameterChoiceOneofCase.BoolParam => parameter.BoolParam,
            InferParameter.ParameterChoiceOneofCase.Int64Param => parameter.Int64Param,
            InferParameter.ParameterChoiceOneofCase.StringParam => parameter.StringParam,
            InferParameter.ParameterChoiceOneofCase.DoubleParam when double.IsFinite(parameter.DoubleParam) =>
                parameter.DoubleParam,
            InferParameter.ParameterChoiceOneofCase.Uint64Param => parameter.Uint64Param,
            _ => null,
        };

    private static FieldError? Validate(ModelInferRequest message)
    {
        if (message.Inputs.Count == 0)
        {
            return new("inputs", "must have at least 1 entry");
        }

        if (message.Inputs.DistinctBy(i => i.Name).Count() < message.Inputs.Count)
        {
            return new("inputs", "must have unique names");
        }

        return message.RawInputContents.Count is var raw && raw != 0 && raw != message.Inputs.Count
            ? new("raw_input_contents", $"must have {message.Inputs.Count} entries, one for each input, has {raw}")
            : null;
    }

    private static Tensor? ReadTensor(
        ModelInferRequest.Types.InferInputTensor input,
        ReadOnlySpan<byte> raw,
        bool isRaw,
        int maxElements,
        out FieldError? error
    )
    {
        error = null;
        if (!Datatype.TryFind(input.Datatype, out var datatype))
        {
            error = new("datatype", Datatype.NameRule);
        }
        else if (
            input.Shape.Count > TensorReader.MaxDimensions
            || input.Shape.Any(size => size is < 1 or > int.MaxValue)
        )
        {
            error = new(
                "shape",
                $"must have at most {TensorReader.MaxDimensions} whole numbers from 1 to {int.MaxValue}"
            );
        }
        else if (input.Shape.Aggregate(1.0, (product, size) => product * size) > maxElements)
        {
            error = new("shape", $"must not bring the elements of all inputs above {InferRequest.MaxElements}");
        }
        else if (isRaw && input.Contents is not null)
        {
            error = new("contents", "must be absent, because raw_input_contents is given");
        }

        if (error is not null)
        {
            return null;
        }

        ImmutableArray<int> shape = [.. input.Shape.Select(size => (int)size)];
        if (isRaw)
        {
            var tensor = datatype!.ReadRaw(input.Name, shape, raw, out var rule);
            error = tensor is null ? new("raw contents", rule) : null;
            return tensor;
        }

        return TensorContents.Read(input.Name, datatype!, shape, input.Contents ?? new(), out error);
    }
}
