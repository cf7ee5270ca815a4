using System.Net;
using CogniForge.Web.Clients;
using Refit;

namespace CogniForge.Web.Dashboard;

/// <summary>Asks all services at once, and waits a short time for each.</summary>
internal sealed class DashboardReader(
    ILlmClient llm,
    IServingClient serving,
    IAnalyticsClient analytics,
    TimeProvider time
)
{
    // Shorter than a client's own time-out with its retries: a page is not held up for a part of it.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    public async Task<DashboardView> ExecuteAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var llmPart = AskAsync(
            async patience => new LlmNumbers((await llm.CountRequestsAsync(patience)).Value),
            cancellationToken
        );
        var servingPart = AskAsync(ServingAsync, cancellationToken);
        var analyticsPart = AskAsync(AnalyticsAsync, cancellationToken);
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
        return new(activity.Events, activity.Completions, activity.Inferences, activity.Promotions);
    }

    private async Task<Part<T>> AskAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
        where T : class
    {
        using var timeout = new CancellationTokenSource(_patience, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return new(PartStatus.Ok, null, await ask(patience.Token));
        }
        catch (ApiException e) when (e.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            return new(PartStatus.Forbidden, "Your key does not open this service.", null);
        }
        catch (Exception e) when (ServiceFault.Describe(e, cancellationToken) is { } fault)
        {
            return new(PartStatus.Unavailable, fault, null);
        }
    }
}
