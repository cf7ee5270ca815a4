using System.Text.Json;
using CogniForge.Llm.Configuration;
using CogniForge.Llm.Gateway.Requests;
using CogniForge.Llm.Limits;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Anthropic;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Providers;
using CogniForge.Llm.ProviderState;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.ApiKeys;

namespace CogniForge.Llm.Gateway;

/// <summary>
/// Counts the input tokens of a request in Anthropic's format: Anthropic counts those of its own models, and the
/// gateway estimates all others.
/// </summary>
internal sealed class TokenCounter(
    CurrentConfig config,
    StatefulReferenceChecker references,
    IEnumerable<IProviderClient> clients,
    TimeProvider time
)
{
    /// <summary>Calls the targets in their order, until one counts the tokens or rejects the request.</summary>
    /// <returns>The count, or the error response.</returns>
    /// <exception cref="OperationCanceledException">The client disconnected.</exception>
    public async Task<(TokenCount? Count, ErrorResponse? Error)> ExecuteAsync(
        InferenceRequest request,
        Caller caller,
        CancellationToken requestAborted
    )
    {
        var routes = config.Value.Routes;
        if (routes.Resolve(request.Model) is not { } route)
        {
            return (null, new(ClientErrors.UnknownModel(request.Model, routes.FindMissingProvider(request.Model))));
        }

        if (RouteAccess.Check(caller, config.Value.Projects, request, route.Route.Name) is { } forbidden)
        {
            return (null, forbidden with { Route = route.Route.Name });
        }

        if (await references.CheckAsync(request, route, caller.Id, requestAborted) is { } foreign)
        {
            return (null, foreign with { Route = route.Route.Name });
        }

        ErrorResponse? last = null;
        foreach (var target in route.Targets)
        {
            if (!target.Provider.Protocols.Contains(Protocol.Messages))
            {
                // Loading a tokenizer and counting take long, so they run on a thread of the pool, in the key's turn.
                using var turn = request.BodyShare is { } share ? await share.TakeTurnAsync(requestAborted) : null;
                var tokens = await Task.Run(
                    () => TokenEstimator.EstimateInput(request, target.Model),
                    requestAborted
                );
                return (new(tokens, IsEstimate: true), null);
            }

            var (count, error) = await CallAsync(request, route.Route, target, requestAborted);
            if (error is null)
            {
                return (count, null);
            }

            last = new(ClientErrors.From(error, target), error.RetryAfter, route.Route.Name, target.Id);
            if (error.Category is ErrorCategory.InvalidRequest)
            {
                break;
            }
        }

        return (null, last);
    }

    private async Task<(TokenCount? Count, ProviderError? Error)> CallAsync(
        InferenceRequest request,
        ModelRoute route,
        ResolvedTarget target,
        CancellationToken requestAborted
    )
    {
        // A count takes no longer than the first token.
        var timeouts = target.Timeouts;
        var deadline = time.GetUtcNow() + timeouts.Total;
        using var timeout = new AttemptTimeout(timeouts.FirstToken, deadline, time, requestAborted);
        try
        {
            // Without the route's defaults and limits, because they concern the output.
            var dropped = new List<string>();
            var headers = BetaHeaders.Filter(request.Headers, route.AllowedBetas, dropped);
            var cleaned = ForeignHistory.Remove(request.Body, Protocol.Messages, target.Provider.Kind, []);
            cleaned = MessagesConflicts.Remove(cleaned, request.Body, limit: null, dropped);
            using var own = cleaned is null ? null : JsonSerializer.SerializeToDocument(cleaned, WireJson.Options);
            var body = RequestBodyWriter.Write(
                own?.RootElement ?? request.Body,
                Protocol.Messages,
                target,
                new ModelRoute(route.Name, route.Targets),
                requestsUsage: false,
                maxOutputTokens: null
            );
            await using var response = await clients
                .First(c => c.Serves(target.Provider.Kind))
                .SendAsync(
                    new(
                        target.Provider,
                        Protocol.Messages,
                        "messages/count_tokens",
                        body,
                        Stream: false,
                        headers
                    )
                    {
                        ConnectTimeout = timeouts.Connect,
                    },
                    timeout.Token
                );
            var json = await response.ReadBodyAsync(timeout.Token);
            if (response.Status >= 400)
            {
                return (
                    null,
                    ProviderErrorClassifier.ClassifyResponse(response.Status, json, response.RetryAfter, body)
                );
            }

            using var document = JsonDocument.Parse(json);
            return
                document.RootElement.Member("input_tokens") is { ValueKind: JsonValueKind.Number } tokens
                && tokens.TryGetInt32(out var count)
                ? (new(count, IsEstimate: false), null)
                : (null, new(ErrorCategory.InvalidResponse, "the response has no input_tokens"));
        }
        catch (ProviderException e)
        {
            requestAborted.ThrowIfCancellationRequested();
            return (null, e.Error);
        }
        catch (JsonException)
        {
            return (null, new(ErrorCategory.InvalidResponse, "the response is not JSON"));
        }
        catch (OperationCanceledException) when (!requestAborted.IsCancellationRequested)
        {
            return (null, new(ErrorCategory.Timeout, "no response in time"));
        }
    }
}
