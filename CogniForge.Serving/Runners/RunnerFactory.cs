using System.Text;
using System.Text.Json;
using CogniForge.ServiceDefaults.Overload;
using CogniForge.Serving.Models;
using CogniForge.Serving.Runners.Batching;
using CogniForge.Serving.Runners.Ensembles;
using CogniForge.Serving.Runners.LanguageModels;
using CogniForge.Serving.Runners.Linear;
using CogniForge.Serving.Runners.Logistic;
using CogniForge.Serving.Runners.Mock;
using CogniForge.Serving.Runners.Onnx;
using CogniForge.Serving.Runners.Remote;
using CogniForge.Serving.Runners.XGBoost;
using Microsoft.Extensions.Options;

namespace CogniForge.Serving.Runners;

/// <summary>Creates the runner of a version by its kind.</summary>
internal sealed class RunnerFactory(
    IOptions<InferenceOptions> options,
    IHttpClientFactory clients,
    TimeProvider time
)
{
    /// <summary>Loads a version, and warms it up.</summary>
    /// <exception cref="ModelLoadException">The version cannot be loaded; the message says why.</exception>
    public async Task<IModelRunner> CreateAsync(ModelSource source, CancellationToken cancellationToken)
    {
        switch (source.Kind)
        {
            case ModelKind.Logistic:
                return new LogisticRunner(LogisticDefinition.Read(source.Definition));
            case ModelKind.Linear:
                return new LinearRunner(LinearModel.Read(source.Definition));
            case ModelKind.Mock:
                return new MockRunner(Read<MockDefinition>(source), time);
            case ModelKind.Llm:
                return new LanguageModelRunner(Read<LanguageModelDefinition>(source), clients);
            case ModelKind.Ensemble:
                return new EnsembleRunner(
                    RegistryJson.Read<EnsembleDefinition>(source.Definition),
                    source.InferMemberAsync ?? throw new ModelLoadException("Its members cannot be run here.")
                );
            case ModelKind.Remote:
                return source.Endpoint is { } endpoint
                    ? new RemoteRunner(endpoint, options.Value.Remote.FindApiKey(endpoint), clients)
                    : throw new ModelLoadException("endpoint is required.");
            case ModelKind.Xgboost:
                await using (var json = await OpenAsync(source, cancellationToken))
                {
                    return await WarmUpAsync(
                        new XGBoostRunner(await XGBoostReader.ReadAsync(json, cancellationToken)),
                        cancellationToken
                    );
                }

            case ModelKind.Onnx:
                return await WarmUpAsync(await CreateOnnxAsync(source, cancellationToken), cancellationToken);
            case ModelKind.External:
                throw new ModelLoadException("It is served elsewhere.");
            default:
                throw new ModelLoadException($"The kind '{source.Kind}' is unknown.");
        }
    }

    private async Task<IModelRunner> CreateOnnxAsync(ModelSource source, CancellationToken cancellationToken)
    {
        var runner = await LoadOnnxAsync(source, cancellationToken);
        return options.Value.Batching.MaxRows > 1 && runner.Inputs.All(i => i.Shape is [-1, ..])
            ? new BatchingRunner(runner, options.Value.Batching, time)
            : runner;
    }

    private async Task<OnnxRunner> LoadOnnxAsync(ModelSource source, CancellationToken cancellationToken)
    {
        var model = await ReadAsync(source, cancellationToken);
        try
        {
            return new(model, options.Value.Onnx); // keeps a copy
        }
        finally
        {
            LargeGarbage.Shared.Add(model.Length);
        }
    }

    /// <summary>Reads an artefact into one array: a growing one would take several times its size.</summary>
    private static async Task<byte[]> ReadAsync(ModelSource source, CancellationToken cancellationToken)
    {
        await using var artifact = await OpenAsync(source, cancellationToken);
        if (artifact.Length > Array.MaxLength)
        {
            throw new ModelLoadException($"The artefact has {artifact.Length} bytes; at most {Array.MaxLength} fit.");
        }

        var bytes = GC.AllocateUninitializedArray<byte>((int)artifact.Length);
        await artifact.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    private static async Task<Stream> OpenAsync(ModelSource source, CancellationToken cancellationToken) =>
        source.OpenArtifactAsync is { } open ? await open(cancellationToken)
        : source.Definition.Length > "{}".Length ? new MemoryStream(Encoding.UTF8.GetBytes(source.Definition))
        : throw new ModelLoadException("The version has no artefact.");

    private static T Read<T>(ModelSource source)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(source.Definition, JsonSerializerOptions.Web)
                ?? throw new ModelLoadException("The definition must be an object.");
        }
        catch (JsonException e)
        {
            throw new ModelLoadException($"The definition is invalid: {e.Message}", e);
        }
    }

    /// <summary>Runs one row of zeros, so that the first request does not pay for it.</summary>
    private static async Task<IModelRunner> WarmUpAsync(IModelRunner runner, CancellationToken cancellationToken)
    {
        var inputs = runner.Inputs.Select(i =>
            i.Datatype.CreateEmpty(i.Name, [.. i.Shape.Select(size => Math.Abs(size))])
        );
        try
        {
            await runner.InferAsync(new(null, null, [.. inputs], []), cancellationToken);
        }
        catch (InferenceFailedException)
        {
            // Zeros may be no valid input, which the first request will not send.
        }

        return runner;
    }
}
