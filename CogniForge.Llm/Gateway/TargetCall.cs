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
internal sealed class TargetCall(IEnumerable<ITransport> transports, TimeProvider time)
{
    private readonly ITransport[] _transports = [.. transports];

    /// <summary>Makes the attempt.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="target">The target.</param>
    /// <param name="clientGone">The client has gone.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    /// <exception cref="UntranslatableException">The target's protocol cannot do what the client asks for.</exception>
    public async Task<AttemptResult> RunAsync(Exchange exchange, ResolvedTarget target, CancellationToken clientGone)
    {
        var request = exchange.Request;
        if (Dialects.Way(request.Protocol, target.Provider.Protocols) is not { } way)
        {
            throw new UntranslatableException("model", $"must name a model that serves {Dialects.Of(request.Protocol).Path}; {target.Id} does not");
        }

        var dialect = Dialects.Of(way.Protocol);
        var upstream = Translate(exchange, target, way.Protocol, way.Translation, dialect, out var dropped);
        exchange.Capture?.Asked(dialect, upstream.Body);
        var timeouts = exchange.Timeouts;
        using var clock = new AttemptClock(request.Stream ? timeouts.FirstToken : timeouts.Answer, exchange.Deadline, time, clientGone);
        var progress = new Progress();
        exchange.Asked = (target, progress);
        exchange.LastAsked = target.Id;
        try
        {
            var asked = time.GetTimestamp();
            await using var answer = await TransportOf(target.Provider).SendAsync(upstream, clock.Token);
            exchange.Waited += time.GetElapsedTime(asked);
            var description = new AnswerDescription(exchange.Recording.Id, exchange.Route.Route.Name, target.Id, answer.RequestId, dropped, exchange.Cache);
            if (answer.Status >= 400)
            {
                return AttemptResult.Failed(FailureRules.OfAnswer(answer.Status, await answer.ReadBodyAsync(clock.Token), answer.RetryAfter));
            }

            exchange.Cooling = answer.RetryAfter;
            if (!request.Stream)
            {
                return await CompleteAsync(exchange, target, dialect, way.Translation, description, answer, clock.Token);
            }

            var relay = new StreamRelay(exchange, target, dialect, way.Translation, description, clock, progress, time);
            return await relay.RunAsync(answer.IsStream ? answer.ReadEventsAsync(relay.WaitsAsync, relay.Heard, clock.Token) : ReplayAsync(dialect, answer, clock.Token));
        }
        catch (TransportException e)
        {
            clientGone.ThrowIfCancellationRequested();
            return progress.Failed(e.Failure);
        }
        catch (JsonException)
        {
            return progress.Failed(new(ErrorCategory.BrokenAnswer, "the answer is not what the protocol says"));
        }
        catch (OperationCanceledException) when (!clientGone.IsCancellationRequested)
        {
            return progress.Failed(new(ErrorCategory.Timeout, clock.EndsWithTotal ? "the route's total time is over" : progress.HasBegun ? "the answer stopped coming" : "no answer in time"));
        }
    }

    private static UpstreamRequest Translate(
        Exchange exchange, ResolvedTarget target, Protocol protocol, ITranslation? translation, Dialect dialect, out IReadOnlyList<string> dropped)
    {
        var request = exchange.Request;
        var route = exchange.Route.Route;
        dropped = [];
        if (translation is null)
        {
            return new(target.Provider, protocol, dialect.Path, UpstreamBody.Of(request.Body, protocol, target, route, request.Stream, exchange.Admitted.MaxOutputTokens), request.Stream, request.Headers);
        }

        (var translated, dropped) = translation.Request(WithDefaults(request.Node, route));
        using var document = JsonSerializer.SerializeToDocument(translated, WireJson.Options);
        var body = UpstreamBody.Of(document.RootElement, protocol, target, route with { Defaults = null }, request.Stream, exchange.Admitted.MaxOutputTokens);
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
        Exchange exchange, ResolvedTarget target, Dialect dialect, ITranslation? translation, AnswerDescription description, UpstreamAnswer answer, CancellationToken cancellationToken)
    {
        var body = await answer.ReadBodyAsync(cancellationToken);
        AnswerFacts facts;
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
                body = dialect.AsAsked(exchange.Request.Body, document.RootElement, body);
            }
            else
            {
                body = JsonSerializer.SerializeToUtf8Bytes(translation.Answer(exchange.Request.Node, JsonObject.Create(document.RootElement)!), WireJson.Options);
            }
        }

        exchange.Answered(target, facts, characters, body.ToArray);
        await exchange.Writer.WriteAnswerAsync(description, body, exchange.ClientGone);
        return new(facts, characters, null, HasBegun: true);
    }

    /// <summary>The stream of a server that was asked for one and answered whole.</summary>
    private static async IAsyncEnumerable<SseEvent> ReplayAsync(Dialect dialect, UpstreamAnswer answer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var body = await answer.ReadBodyAsync(cancellationToken);
        using (var document = JsonDocument.Parse(body))
        {
            if (dialect.Read(document.RootElement).Failure is { } failure)
            {
                throw new TransportException(failure);
            }
        }

        foreach (var item in dialect.Replay(SoundJson.Parse(body.Span)))
        {
            yield return item;
        }
    }

    private ITransport TransportOf(Provider provider) => Array.Find(_transports, t => t.Serves(provider.Kind))!;
}
