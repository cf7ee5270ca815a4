using CogniForge.Serving.Protocol;
using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace CogniForge.Serving.Runners.Onnx;

/// <summary>Serves an ONNX model by ONNX Runtime, on the CPU.</summary>
/// <remarks>
/// Outputs that are no tensors, such as the ZipMap that sklearn-onnx adds by default, are not computed.
/// </remarks>
internal sealed class OnnxRunner : IModelRunner
{
    private readonly InferenceSession _session;
    private readonly string[] _outputNames;

    /// <inheritdoc/>
    public string Platform => "onnx_onnxv1";

    /// <inheritdoc/>
    public IReadOnlyList<TensorMetadata> Inputs { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorMetadata> Outputs { get; }

    /// <inheritdoc/>
    public long SizeBytes { get; }

    /// <summary>Loads a model.</summary>
    /// <exception cref="ModelLoadException">ONNX Runtime rejects it, or the protocol lacks a type of it.</exception>
    public OnnxRunner(byte[] model, OnnxOptions options)
    {
        using var session = new SessionOptions
        {
            IntraOpNumThreads = options.IntraOpThreads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };

        // Threads that spin while they wait would take the processor from other requests.
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        try
        {
            _session = new InferenceSession(model, session);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelLoadException($"ONNX Runtime cannot load the artefact: {e.Message}", e);
        }

        try
        {
            SizeBytes = model.LongLength;
            Inputs = [.. _session.InputNames.Select(name => Describe(name, _session.InputMetadata[name], "input"))];
            _outputNames = [.. _session.OutputNames.Where(name => _session.OutputMetadata[name].IsTensor)];
            Outputs = [.. _outputNames.Select(name => Describe(name, _session.OutputMetadata[name], "output"))];
            if (_outputNames.Length == 0)
            {
                throw new ModelLoadException("The model has no output that is a tensor; export it without ZipMap.");
            }
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Tensor>> InferAsync(InferRequest request, CancellationToken cancellationToken)
    {
        var values = new List<OrtValue>(request.Inputs.Count);
        using var run = new RunOptions();
        using var cancellation = cancellationToken.Register(() => run.Terminate = true);
        try
        {
            foreach (var input in request.Inputs)
            {
                values.Add(OnnxDatatypes.ToValue(Inputs.First(i => i.Name == input.Name).Datatype.Convert(input)));
            }

            using var outputs = _session.Run(run, [.. request.Inputs.Select(i => i.Name)], values, _outputNames);
            return ValueTask.FromResult<IReadOnlyList<Tensor>>([
                .. outputs.Select((value, i) => OnnxDatatypes.ToTensor(_outputNames[i], value)!),
            ]);
        }
        catch (OverflowException e)
        {
            throw InferenceFailedException.OutOfRange(e);
        }
        catch (OnnxRuntimeException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new InferenceFailedException(
                StatusCodes.Status400BadRequest,
                $"ONNX Runtime rejects the inputs: {e.Message}",
                e
            );
        }
        finally
        {
            values.ForEach(value => value.Dispose());
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private static TensorMetadata Describe(string name, NodeMetadata node, string what)
    {
        if (!node.IsTensor || OnnxDatatypes.Find(node.ElementDataType) is not { } datatype)
        {
            throw new ModelLoadException($"The protocol has no type for the {what} '{name}' ({node.OnnxValueType}).");
        }

        return new(name, datatype, [.. node.Dimensions.Select(size => size <= 0 ? -1 : size)]);
    }
}
