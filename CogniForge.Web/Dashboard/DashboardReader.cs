using System.Net;
using CogniForge.Web.Clients;
using Refit;

namespace CogniForge.Web.Dashboard;

/// <summary>Reads the numbers of all services in parallel, with a short timeout for each.</summary>
internal sealed class DashboardReader(
    ILlmClient llm,
    IServingClient serving,
    IAnalyticsClient analytics,
    TimeProvider time
)
{
    // Shorter than the clients' own timeout with its retries: one slow service must not delay the page.
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(3);

    public async Task<DashboardView> ExecuteAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var llmPart = ReadAsync(
            async token => new LlmNumbers((await llm.CountRequestsAsync(token)).Completions),
            cancellationToken
        );
        var servingPart = ReadAsync(ServingAsync, cancellationToken);
        var analyticsPart = ReadAsync(AnalyticsAsync, cancellationToken);
        return new(now, await llmPart, await servingPart, await analyticsPart);
    }

    private async Task<ServingNumbers> ServingAsync(CancellationToken cancellationToken)
    {
        var models = serving.CountModelsAsync(cancellationToken);
        var inferences = serving.CountInferencesAsync(cancellationToken);
        await Task.WhenAll(models, inferences);
        return new((await models).Value, (await inferences).Value);
    }

    private async Task<AnalyticsNumbers> AnalyticsAsync(CancellationToken cancellationToken)
    {
        var activity = await analytics.CountActivityAsync(cancellationToken);
        return new(activity.Events, activity.Completions, activity.Inferences, activity.Promotions, activity.Drifts);
    }

    private async Task<Part<T>> ReadAsync<T>(Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
        where T : class
    {
        using var timeout = new CancellationTokenSource(_timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return new(PartStatus.Ok, null, await read(linked.Token));
        }
        catch (ApiException e) when (e.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            return new(PartStatus.Forbidden, "Your key has no access to this service.", null);
        }
        catch (Exception e) when (ServiceFault.Describe(e, cancellationToken) is { } fault)
        {
            return new(PartStatus.Unavailable, fault, null);
        }
    }
}
