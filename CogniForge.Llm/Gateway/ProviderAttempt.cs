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
    /// <param name="context">The request.</param>
    /// <param name="target">The target.</param>
    /// <param name="clientGone">The client has gone.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    /// <exception cref="UnsupportedByProviderException">The target's protocol cannot do what the client asks for.</exception>
    public async Task<AttemptResult> RunAsync(
        InferenceContext context,
        ResolvedTarget target,
        CancellationToken clientGone
    )
    {
        var request = context.Request;
        if (ProtocolAdapters.Way(request.Protocol, target.Provider.Protocols) is not { } way)
        {
            throw new UnsupportedByProviderException(
                "model",
                $"must name a model that serves {ProtocolAdapters.For(request.Protocol).Path}; {target.Id} does not"
            );
        }

        var adapter = ProtocolAdapters.For(way.Protocol);
        var provider = Translate(context, target, way.Protocol, way.Translation, adapter, out var dropped);
        context.Capture?.Asked(adapter, provider.Body);
        var timeouts = context.Timeouts;
        using var clock = new AttemptTimeout(
            request.Stream ? timeouts.FirstToken : timeouts.Answer,
            context.Deadline,
            time,
            clientGone
        );
        var progress = new Progress();
        context.CurrentAttempt = (target, progress);
        context.LastTarget = target.Id;
        try
        {
            var asked = time.GetTimestamp();
            await using var response = await TransportOf(target.Provider).SendAsync(provider, clock.Token);
            context.RetryDelay += time.GetElapsedTime(asked);
            var description = new ResponseInfo(
                context.Recording.Id,
                context.Route.Route.Name,
                target.Id,
                response.RequestId,
                dropped,
                context.Cache
            );
            if (response.Status >= 400)
            {
                return AttemptResult.Failed(
                    ProviderErrorClassifier.ClassifyResponse(
                        response.Status,
                        await response.ReadBodyAsync(clock.Token),
                        response.RetryAfter
                    )
                );
            }

            context.Cooldown = response.RetryAfter;
            if (!request.Stream)
            {
                return await CompleteAsync(
                    context,
                    target,
                    adapter,
                    way.Translation,
                    description,
                    response,
                    clock.Token
                );
            }

            var relay = new StreamForwarder(
                context,
                target,
                adapter,
                way.Translation,
                description,
                clock,
                progress,
                time
            );
            return await relay.RunAsync(
                response.IsStream
                    ? response.ReadEventsAsync(relay.WaitsAsync, relay.Heard, clock.Token)
                    : ReplayAsync(adapter, response, clock.Token)
            );
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
            return progress.Failed(
                new(
                    ErrorCategory.Timeout,
                    clock.EndsWithTotal ? "the route's total time is over"
                        : progress.HasBegun ? "the answer stopped coming"
                        : "no answer in time"
                )
            );
        }
    }

    private static ProviderRequest Translate(
        InferenceContext context,
        ResolvedTarget target,
        Protocol protocol,
        ITranslator? translation,
        ProtocolAdapter adapter,
        out IReadOnlyList<string> dropped
    )
    {
        var request = context.Request;
        var route = context.Route.Route;
        dropped = [];
        if (translation is null)
        {
            return new(
                target.Provider,
                protocol,
                adapter.Path,
                RequestBodyWriter.Write(
                    request.Body,
                    protocol,
                    target,
                    route,
                    request.Stream,
                    context.Admitted.MaxOutputTokens
                ),
                request.Stream,
                request.Headers
            );
        }

        (var translated, dropped) = translation.Request(WithDefaults(request.Node, route));
        using var document = JsonSerializer.SerializeToDocument(translated, WireJson.Options);
        var body = RequestBodyWriter.Write(
            document.RootElement,
            protocol,
            target,
            route with
            {
                Defaults = null,
            },
            request.Stream,
            context.Admitted.MaxOutputTokens
        );
        return new(target.Provider, protocol, adapter.Path, body, request.Stream, request.Headers);
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
        InferenceContext context,
        ResolvedTarget target,
        ProtocolAdapter adapter,
        ITranslator? translation,
        ResponseInfo description,
        ProviderResponse response,
        CancellationToken cancellationToken
    )
    {
        var body = await response.ReadBodyAsync(cancellationToken);
        ResponseMetadata metadata;
        int characters;
        using (var document = JsonDocument.Parse(body))
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new JsonException("The answer is no object.");
            }

            metadata = adapter.Read(document.RootElement);
            if (metadata.Failure is { } error)
            {
                return AttemptResult.Failed(error);
            }

            context.Capture?.Answered(document.RootElement);
            characters = metadata.Usage is null ? adapter.OutputCharacters(body.Span) : 0;
            if (translation is null)
            {
                body = adapter.ConvertToRequestedFormat(context.Request.Body, document.RootElement, body);
            }
            else
            {
                body = JsonSerializer.SerializeToUtf8Bytes(
                    translation.Answer(context.Request.Node, JsonObject.Create(document.RootElement)!),
                    WireJson.Options
                );
            }
        }

        context.Answered(target, metadata, characters, body.ToArray);
        await context.Writer.WriteAnswerAsync(description, body, context.RequestAborted);
        return new(metadata, characters, null, HasBegun: true);
    }

    /// <summary>The stream of a server that was asked for one and answered whole.</summary>
    private static async IAsyncEnumerable<SseEvent> ReplayAsync(
        ProtocolAdapter adapter,
        ProviderResponse response,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var body = await response.ReadBodyAsync(cancellationToken);
        using (var document = JsonDocument.Parse(body))
        {
            if (adapter.Read(document.RootElement).Failure is { } error)
            {
                throw new ProviderException(error);
            }
        }

        foreach (var item in adapter.Replay(StrictJson.Parse(body.Span)))
        {
            yield return item;
        }
    }

    private IProviderClient TransportOf(Provider provider) => Array.Find(_transports, t => t.Serves(provider.Kind))!;
}
