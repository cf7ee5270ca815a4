using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Http;
using CogniForge.Serving.Metrics.Predictions;
using CogniForge.Serving.Models;
using Microsoft.Extensions.Options;

namespace CogniForge.Serving.Metrics.Drift;

/// <summary>Sets references, and evaluates the current window of a model.</summary>
internal sealed class DriftMonitor(
    IDriftStore store,
    IPredictionStore predictions,
    IModelStore models,
    IOptions<MetricsOptions> options,
    TimeProvider time
)
{
    /// <summary>Sets the reference of a model to rows, or to the predictions of a window.</summary>
    /// <returns>The reference; null: the window has no predictions.</returns>
    /// <exception cref="RegistryException">The model does not exist.</exception>
    public async Task<DriftReference?> PutAsync(
        string model,
        PutDriftReferenceRequest put,
        AuditedRequest request,
        CancellationToken cancellationToken
    )
    {
        await RequireAsync(model, cancellationToken);
        var settings = put.Settings ?? new();
        var columns = put.Rows is { } rows
            ? ColumnReader.Read([.. rows.OfType<DriftRow>()])
            : ColumnReader.Read(
                await predictions.ReadFeaturesAsync(
                    new(
                        model,
                        settings.Version,
                        put.From!.Value.ToUniversalTime(),
                        put.To!.Value.ToUniversalTime()
                    ),
                    options.Value.MaxDriftRows,
                    cancellationToken
                )
            );
        if (columns.Columns.Count == 0)
        {
            return null;
        }

        var reference = new DriftReference(
            model,
            settings,
            [.. columns.Columns.Select(c => ReferenceColumn.Create(c.Key, c.Value))],
            columns.Columns.First().Value.Length,
            StoredTime.Truncate(time.GetUtcNow())
        );
        await store.ChangeReferenceAsync(
            model,
            before => new(reference, request.ToEntry(Path(model), Describe(before), Describe(reference))),
            cancellationToken
        );
        return reference;
    }

    /// <summary>Deletes the reference of a model, which ends its evaluations.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="RegistryException">The model does not exist.</exception>
    public async Task<bool> DeleteAsync(string model, AuditedRequest request, CancellationToken cancellationToken)
    {
        await RequireAsync(model, cancellationToken);
        var isDeleted = false;
        await store.ChangeReferenceAsync(
            model,
            before =>
            {
                isDeleted = before is not null;
                return isDeleted ? new(null, request.ToEntry(Path(model), Describe(before))) : null;
            },
            cancellationToken
        );
        return isDeleted;
    }

    /// <summary>Finds the reference of a model; null: it has none.</summary>
    /// <exception cref="RegistryException">The model does not exist.</exception>
    public async Task<DriftReference?> FindAsync(string model, CancellationToken cancellationToken)
    {
        await RequireAsync(model, cancellationToken);
        return await store.FindReferenceAsync(model, cancellationToken);
    }

    /// <summary>Lists the evaluations of a model, newest first.</summary>
    /// <exception cref="RegistryException">The model does not exist.</exception>
    public async Task<Page<DriftEvaluation>> ListAsync(
        string model,
        Cursor cursor,
        int limit,
        CancellationToken cancellationToken
    )
    {
        await RequireAsync(model, cancellationToken);
        return await store.ListAsync(model, cursor, limit, cancellationToken);
    }

    /// <summary>Compares the window that ends now with the reference.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="cancellationToken">Cancels the evaluation.</param>
    /// <returns>The stored evaluation, null if the window has too few rows, and the number of rows.</returns>
    public async Task<(DriftEvaluation? Evaluation, int Rows)> EvaluateAsync(
        DriftReference reference,
        CancellationToken cancellationToken
    )
    {
        var now = StoredTime.Truncate(time.GetUtcNow());
        var settings = reference.Settings;
        var window = new MetricsWindow(
            reference.Model,
            settings.Version,
            now - TimeSpan.FromHours(settings.WindowHours),
            now.AddMilliseconds(1)
        );
        var rows = await predictions.ReadFeaturesAsync(window, options.Value.MaxDriftRows, cancellationToken);
        if (rows.Count < settings.MinRows)
        {
            return (null, rows.Count);
        }

        var evaluation = DriftEvaluator.Evaluate(reference, window, rows, now, cancellationToken);
        await store.AddAsync(evaluation, cancellationToken);
        return (evaluation, rows.Count);
    }

    private static string Path(string model) => $"models/{model}/drift/reference";

    private static DriftReferenceResponse? Describe(DriftReference? reference) =>
        reference is null ? null : DriftReferenceResponse.From(reference);

    private async Task RequireAsync(string model, CancellationToken cancellationToken)
    {
        if (await models.FindModelAsync(model, cancellationToken) is null)
        {
            throw RegistryException.UnknownModel(model);
        }
    }
}
