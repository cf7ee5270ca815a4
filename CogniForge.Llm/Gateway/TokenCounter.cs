using System.Text.Json;
using CogniForge.Llm.Configuration;
using CogniForge.Llm.Limits;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Providers;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.ApiKeys;

namespace CogniForge.Llm.Gateway;

/// <summary>Counts the tokens of a request in Anthropic's form: Anthropic counts its own models', for others the gateway estimates.</summary>
internal sealed class TokenCounter(CurrentConfig config, IEnumerable<IProviderClient> transports, TimeProvider time)
{
    /// <summary>Counts. Targets are asked in their order, until one has counted or the request is at fault.</summary>
    /// <returns>The count, or why there is none.</returns>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    public async Task<(TokenCount? Count, GatewayFailure? Failure)> ExecuteAsync(
        InferenceRequest request,
        Caller caller,
        CancellationToken clientGone
    )
    {
        var routes = config.Value.Routes;
        if (routes.Resolve(request.Model) is not { } route)
        {
            return (null, new(ClientErrors.UnknownModel(request.Model, routes.Missing(request.Model))));
        }

        if (AdmissionController.CheckRoute(caller, request, route.Route) is { } forbidden)
        {
            return (null, forbidden with { Route = route.Route.Name });
        }

        GatewayFailure? last = null;
        foreach (var target in route.Targets)
        {
            if (!target.Provider.Protocols.Contains(Protocol.Messages))
            {
                return (new(TokenEstimator.Estimate(request.InputCharacters), IsEstimate: true), null);
            }

            var (count, error) = await AskAsync(request, route, target, clientGone);
            if (error is null)
            {
                return (count, null);
            }

            last = new(
                ClientErrors.From(error, target),
                RetryAfter: error.RetryAfter,
                Route: route.Route.Name,
                Target: target.Id
            );
            if (error.Category is ErrorCategory.InvalidRequest)
            {
                break;
            }
        }

        return (null, last);
    }

    private async Task<(TokenCount? Count, ProviderError? Failure)> AskAsync(
        InferenceRequest request,
        ResolvedRoute route,
        ResolvedTarget target,
        CancellationToken clientGone
    )
    {
        var timeouts = EffectiveTimeouts.From(route.Route.Timeouts);
        using var clock = new AttemptTimeout(timeouts.Answer, time.GetUtcNow() + timeouts.Total, time, clientGone);
        try
        {
            // A route's defaults and limits are about answers; here there is none.
            var body = RequestBodyWriter.Write(
                request.Body,
                Protocol.Messages,
                target,
                new ModelRoute(route.Route.Name, route.Route.Targets),
                stream: false,
                maxOutputTokens: null
            );
            await using var response = await transports
                .First(t => t.Serves(target.Provider.Kind))
                .SendAsync(
                    new(
                        target.Provider,
                        Protocol.Messages,
                        "messages/count_tokens",
                        body,
                        Stream: false,
                        request.Headers
                    ),
                    clock.Token
                );
            var json = await response.ReadBodyAsync(clock.Token);
            if (response.Status >= 400)
            {
                return (null, ProviderErrorClassifier.ClassifyResponse(response.Status, json, response.RetryAfter));
            }

            using var document = JsonDocument.Parse(json);
            return
                document.RootElement.Member("input_tokens") is { ValueKind: JsonValueKind.Number } tokens
                && tokens.TryGetInt32(out var count)
                ? (new(count, IsEstimate: false), null)
                : (null, new(ErrorCategory.InvalidResponse, "the answer has no input_tokens"));
        }
        catch (ProviderException e)
        {
            clientGone.ThrowIfCancellationRequested();
            return (null, e.Failure);
        }
        catch (JsonException)
        {
            return (null, new(ErrorCategory.InvalidResponse, "the answer is no JSON"));
        }
        catch (OperationCanceledException) when (!clientGone.IsCancellationRequested)
        {
            return (null, new(ErrorCategory.Timeout, "no answer in time"));
        }
    }
}
