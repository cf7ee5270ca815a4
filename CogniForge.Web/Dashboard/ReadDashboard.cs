using System.Net;
using CogniForge.Web.Clients;
using Polly;
using Refit;

namespace CogniForge.Web.Dashboard;

/// <summary>Asks all services at once.</summary>
internal sealed class ReadDashboard(ILlmClient llm, IServingClient serving, IAnalyticsClient analytics, TimeProvider time)
{
    public async Task<DashboardView> ExecuteAsync(CancellationToken cancellationToken)
    {
        var llmPart = AskAsync(async () => new LlmNumbers((await llm.CountRequestsAsync(cancellationToken)).Value), cancellationToken);
        var servingPart = AskAsync(ServingAsync, cancellationToken);
        var analyticsPart = AskAsync(AnalyticsAsync, cancellationToken);
        return new(time.GetUtcNow(), await llmPart, await servingPart, await analyticsPart);

        async Task<ServingNumbers> ServingAsync()
        {
            var models = serving.CountModelsAsync(cancellationToken);
            var inferences = serving.CountInferencesAsync(cancellationToken);
            await Task.WhenAll(models, inferences);
            return new((await models).Value, (await inferences).Value);
        }

        async Task<AnalyticsNumbers> AnalyticsAsync()
        {
            var activity = await analytics.CountActivityAsync(cancellationToken);
            return new(activity.Events, activity.Completions, activity.Inferences, activity.Promotions);
        }
    }

    private static async Task<Part<T>> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken) where T : class
    {
        try
        {
            return new(PartStatus.Ok, null, await ask());
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

/// <summary>Tells a service's fault from ours.</summary>
internal static class ServiceFault
{
    /// <summary>What is wrong with the service; null when the exception is none of a call's.</summary>
    public static string? Describe(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        ApiException e => $"The service answered {(int)e.StatusCode}.",
        HttpRequestException or ExecutionRejectedException => "The service does not answer.",
        OperationCanceledException when !cancellationToken.IsCancellationRequested => "The service does not answer.",
        _ => null,
    };
}
