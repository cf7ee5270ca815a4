using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Providers;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Gateway;

/// <summary>One attempt: asks a target and gives its answer to the client.</summary>
internal sealed class ProviderAttempt(IEnumerable<IProviderClient> transports, TimeProvider time)
{
    private readonly IProviderClient[] _transports = [.. transports];

    /// <summary>Makes the attempt.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="target">The target.</param>
    /// <param name="clientGone">The client has gone.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    /// <exception cref="UnsupportedByProviderException">The target's protocol cannot do what the client asks for.</exception>
    public async Task<AttemptResult> RunAsync(InferenceContext exchange, ResolvedTarget target, CancellationToken clientGone)
    {
        var request = exchange.Request;
        if (ProtocolAdapters.Way(request.Protocol, target.Provider.Protocols) is not { } way)
        {
            throw new UnsupportedByProviderException("model", $"must name a model that serves {ProtocolAdapters.For(request.Protocol).Path}; {target.Id} does not");
        }

        var dialect = ProtocolAdapters.For(way.Protocol);
        var upstream = Translate(exchange, target, way.Protocol, way.Translation, dialect, out var dropped);
        exchange.Capture?.Asked(dialect, upstream.Body);
        var timeouts = exchange.Timeouts;
        using var clock = new AttemptTimeout(request.Stream ? timeouts.FirstToken : timeouts.Answer, exchange.Deadline, time, clientGone);
        var progress = new Progress();
        exchange.CurrentAttempt = (target, progress);
        exchange.LastTarget = target.Id;
        try
        {
            var asked = time.GetTimestamp();
            await using var answer = await TransportOf(target.Provider).SendAsync(upstream, clock.Token);
            exchange.RetryDelay += time.GetElapsedTime(asked);
            var description = new ResponseInfo(exchange.Recording.Id, exchange.Route.Route.Name, target.Id, answer.RequestId, dropped, exchange.Cache);
            if (answer.Status >= 400)
            {
                return AttemptResult.Failed(ProviderErrorClassifier.ClassifyResponse(answer.Status, await answer.ReadBodyAsync(clock.Token), answer.RetryAfter));
            }

            exchange.Cooldown = answer.RetryAfter;
            if (!request.Stream)
            {
                return await CompleteAsync(exchange, target, dialect, way.Translation, description, answer, clock.Token);
            }

            var relay = new StreamForwarder(exchange, target, dialect, way.Translation, description, clock, progress, time);
            return await relay.RunAsync(answer.IsStream ? answer.ReadEventsAsync(relay.WaitsAsync, relay.Heard, clock.Token) : ReplayAsync(dialect, answer, clock.Token));
        }
        catch (ProviderException e)
        {
            clientGone.ThrowIfCancellationRequested();
            return progress.Failed(e.Failure);
        }
        catch (JsonException)
        {
            return progress.Failed(new(ErrorCategory.InvalidResponse, "the answer is not what the protocol says"));
        }
        catch (OperationCanceledException) when (!clientGone.IsCancellationRequested)
        {
            return progress.Failed(new(ErrorCategory.Timeout, clock.EndsWithTotal ? "the route's total time is over" : progress.HasBegun ? "the answer stopped coming" : "no answer in time"));
        }
    }

    private static ProviderRequest Translate(
        InferenceContext exchange, ResolvedTarget target, Protocol protocol, ITranslator? translation, ProtocolAdapter dialect, out IReadOnlyList<string> dropped)
    {
        var request = exchange.Request;
        var route = exchange.Route.Route;
        dropped = [];
        if (translation is null)
        {
            return new(target.Provider, protocol, dialect.Path, RequestBodyWriter.Write(request.Body, protocol, target, route, request.Stream, exchange.Admitted.MaxOutputTokens), request.Stream, request.Headers);
        }

        (var translated, dropped) = translation.Request(WithDefaults(request.Node, route));
        using var document = JsonSerializer.SerializeToDocument(translated, WireJson.Options);
        var body = RequestBodyWriter.Write(document.RootElement, protocol, target, route with { Defaults = null }, request.Stream, exchange.Admitted.MaxOutputTokens);
        return new(target.Provider, protocol, dialect.Path, body, request.Stream, request.Headers);
    }

    /// <summary>A route's defaults are in the client's words, so they come before the translation.</summary>
    private static JsonObject WithDefaults(JsonObject body, ModelRoute route)
    {
        if (route.Defaults is null)
        {
            return body;
        }

        var complete = (JsonObject)body.DeepClone();
        foreach (var (name, value) in route.Defaults)
        {
            complete.TryAdd(name, value?.DeepClone());
        }

        return complete;
    }

    private static async Task<AttemptResult> CompleteAsync(
        InferenceContext exchange, ResolvedTarget target, ProtocolAdapter dialect, ITranslator? translation, ResponseInfo description, ProviderResponse answer, CancellationToken cancellationToken)
    {
        var body = await answer.ReadBodyAsync(cancellationToken);
        ResponseMetadata facts;
        int characters;
        using (var document = JsonDocument.Parse(body))
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new JsonException("The answer is no object.");
            }

            facts = dialect.Read(document.RootElement);
            if (facts.Failure is { } failure)
            {
                return AttemptResult.Failed(failure);
            }

            exchange.Capture?.Answered(document.RootElement);
            characters = facts.Usage is null ? dialect.OutputCharacters(body.Span) : 0;
            if (translation is null)
            {
                body = dialect.ConvertToRequestedFormat(exchange.Request.Body, document.RootElement, body);
            }
            else
            {
                body = JsonSerializer.SerializeToUtf8Bytes(translation.Answer(exchange.Request.Node, JsonObject.Create(document.RootElement)!), WireJson.Options);
            }
        }

        exchange.Answered(target, facts, characters, body.ToArray);
        await exchange.Writer.WriteAnswerAsync(description, body, exchange.RequestAborted);
        return new(facts, characters, null, HasBegun: true);
    }

    /// <summary>The stream of a server that was asked for one and answered whole.</summary>
    private static async IAsyncEnumerable<SseEvent> ReplayAsync(ProtocolAdapter dialect, ProviderResponse answer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var body = await answer.ReadBodyAsync(cancellationToken);
        using (var document = JsonDocument.Parse(body))
        {
            if (dialect.Read(document.RootElement).Failure is { } failure)
            {
                throw new ProviderException(failure);
            }
        }

        foreach (var item in dialect.Replay(StrictJson.Parse(body.Span)))
        {
            yield return item;
        }
    }

    private IProviderClient TransportOf(Provider provider) => Array.Find(_transports, t => t.Serves(provider.Kind))!;
}
