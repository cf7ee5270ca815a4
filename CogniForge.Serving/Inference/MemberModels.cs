using System.Diagnostics;
using CogniForge.ServiceDefaults;
using CogniForge.Serving.Loading;
using CogniForge.Serving.Models;
using CogniForge.Serving.Protocol;
using CogniForge.Serving.Runners;

namespace CogniForge.Serving.Inference;

/// <summary>Runs the members of ensembles.</summary>
/// <remarks>It finds the repository late: the repository loads the ensembles that use it.</remarks>
internal sealed class MemberModels(
    ModelCatalog catalog,
    InferenceRecorder recorder,
    ServiceDescription service,
    TimeProvider time,
    IServiceProvider services
)
{
    /// <inheritdoc cref="Runners.Ensembles.MemberInvoker"/>
    public async Task<IReadOnlyList<Tensor>> InferAsync(
        string model,
        int version,
        InferRequest request,
        CancellationToken cancellationToken
    )
    {
        var started = time.GetTimestamp();
        using var activity = service.ActivitySource.StartActivity(
            "infer member",
            ActivityKind.Internal,
            default(ActivityContext),
            [new("cogniforge.model.name", model), new("cogniforge.model.version", version)]
        );
        var found =
            await catalog.FindAsync(model, version, cancellationToken)
            ?? throw Fail(StatusCodes.Status503ServiceUnavailable, "does not exist.");
        if (found.Kind == ModelKind.Ensemble)
        {
            throw Fail(StatusCodes.Status503ServiceUnavailable, "is an ensemble, which cannot be a member.");
        }

        try
        {
            using var lease = await services
                .GetRequiredService<ModelRepository>()
                .AcquireAsync(found, cancellationToken);
            if (InputValidator.Validate(request.Inputs, lease.Runner.Inputs) is { } error)
            {
                throw Fail(StatusCodes.Status400BadRequest, $"refused: {ErrorResponse.Describe(error)}");
            }

            var outputs = await lease.Runner.InferAsync(request, cancellationToken);
            var response = new InferResponse(found.Name, found.Version, request.Id, outputs);
            recorder.Record(found, request, response, time.GetElapsedTime(started), Activity.Current?.Id);
            return outputs;
        }
        catch (InferenceFailedException e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            throw;
        }

        InferenceFailedException Fail(int status, string reason) =>
            new(status, $"Version {version} of model '{model}' {reason}");
    }
}
