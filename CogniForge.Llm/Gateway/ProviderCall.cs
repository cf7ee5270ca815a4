using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.BudgetedRequests;
using CogniForge.Llm.Gateway.Requests;
using CogniForge.Llm.Limits;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Anthropic;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Providers;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Gateway;

/// <summary>A client's request as sent to one target.</summary>
/// <param name="Request">The request in the provider's protocol.</param>
/// <param name="Adapter">Reads the response.</param>
/// <param name="Translator">Translates the response; null: the provider supports the client's protocol.</param>
/// <param name="DroppedFields">
/// The request fields without an equivalent in the provider's protocol, and the beta features that the route rejects.
/// </param>
internal sealed record ProviderCall(
    ProviderRequest Request,
    ProtocolAdapter Adapter,
    ITranslator? Translator,
    IReadOnlyList<string> DroppedFields
)
{
    /// <summary>Writes a request for a target, translated if the target does not support the protocol.</summary>
    /// <exception cref="OperationCanceledException">The client disconnected, which large bodies observe.</exception>
    /// <exception cref="UnsupportedByProviderException">
    /// The target's protocol does not support a field of the request, there is no translation to it, or the key's
    /// budget does not cover the field.
    /// </exception>
    public static ProviderCall Create(
        InferenceRequest request,
        ModelRoute route,
        ResolvedTarget target,
        AdmissionLease lease,
        CancellationToken requestAborted = default
    )
    {
        if (ProtocolAdapters.Select(request.Protocol, target.Provider.Protocols) is not var (protocol, translator))
        {
            throw new UnsupportedByProviderException(
                "model",
                $"must name a model that serves {ProtocolAdapters.For(request.Protocol).Path}; {target.Id} does not"
            );
        }

        var adapter = ProtocolAdapters.For(protocol);
        var dropped = new List<string>();
        var headers = BetaHeaders.Filter(request.Headers, route.AllowedBetas, dropped);
        var kind = target.Provider.Kind;
        var isChat = protocol == Protocol.ChatCompletions;
        var limit = GetLimit(request, target, lease, translator is not null, dropped);
        if (translator is null && !(isChat && ModelRulesWriter.Concerns(target, request.Body, route.Defaults)))
        {
            var cleaned = ForeignHistory.Remove(request.Body, protocol, kind, dropped);
            if (protocol == Protocol.Messages)
            {
                cleaned = MessagesConflicts.Remove(cleaned, request.Body, GetChosen(limit), dropped);
            }

            if (cleaned is null)
            {
                return new(Write(request.Body, route), adapter, null, dropped);
            }

            using var own = JsonDocument.Parse(WireJson.Write(cleaned, request.Utf8.Length));
            return new(Write(own.RootElement, route), adapter, null, dropped);
        }

        requestAborted.ThrowIfCancellationRequested();
        var body = Translate(request, route, protocol, target, translator, dropped);
        requestAborted.ThrowIfCancellationRequested();
        ThinkingOff.Write(target, protocol, body, translator is not null, dropped);
        ModelRulesWriter.Apply(target, body, dropped);
        if (protocol == Protocol.Messages)
        {
            ThinkingOn.Write(target, body);
            if (request.MaxOutputTokens is null && target.MaxOutputTokens is { } max)
            {
                body["max_tokens"] = max; // Anthropic requires a maximum
            }

            MessagesConflicts.Remove(body, request.Body, GetChosen(limit ?? body["max_tokens"].Int32()), dropped);
        }

        using var document = JsonDocument.Parse(WireJson.Write(body, request.Utf8.Length));
        requestAborted.ThrowIfCancellationRequested();
        return new(Write(document.RootElement, route with { Defaults = null }), adapter, translator, dropped);

        ProviderRequest Write(JsonElement body, ModelRoute route)
        {
            if (lease.HasBudget)
            {
                CheckCostIsBounded(protocol, body, route, target);
            }

            return new(
                target.Provider,
                protocol,
                adapter.Path,
                RequestBodyWriter.Write(body, protocol, target, route, request.Stream && isChat, limit),
                request.Stream,
                headers
            )
            {
                ConnectTimeout = target.Timeouts.Connect,
            };
        }

        int? GetChosen(int? tokens) => tokens == request.MaxOutputTokens ? null : tokens;
    }

    /// <summary>The request with the route's defaults in the provider's protocol; a copy.</summary>
    private static JsonObject Translate(
        InferenceRequest request,
        ModelRoute route,
        Protocol protocol,
        ResolvedTarget target,
        ITranslator? translator,
        List<string> dropped
    )
    {
        var kind = target.Provider.Kind;
        if (translator is null)
        {
            return AddDefaults(
                ForeignHistory.Remove(request.Body, protocol, kind, dropped)
                    ?? JsonField.FromRequest(request.Utf8).RequiredObject(),
                route
            );
        }

        // Before the translation, because the defaults are in the client's protocol.
        var body = JsonField.FromRequest(request.Utf8);
        AddDefaults(body.RequiredObject(), route);
        var (translated, fields) = translator.Request(
            body,
            kind,
            protocol == Protocol.Messages || target.Rules.KeepsCacheControl
        );
        dropped.AddRange(fields);
        return translated;
    }

    /// <summary>
    /// The output limit to send; null: the request's own, if the provider's quirks keep it. A budget relies on it. One
    /// of a route or budget fits the model, and so does the client's own if it does not know the provider.
    /// </summary>
    private static int? GetLimit(
        InferenceRequest request,
        ResolvedTarget target,
        AdmissionLease lease,
        bool isTranslated,
        List<string> dropped
    )
    {
        if (request.MaxOutputTokens is not { } own)
        {
            return lease.MaxOutputTokens > target.MaxOutputTokens ? target.MaxOutputTokens : lease.MaxOutputTokens;
        }

        var max = isTranslated ? target.Rules.OutputCap : null;
        if ((lease.MaxOutputTokens ?? own) > max)
        {
            dropped.Add(OutputLimitField.GetClientName(request.Protocol, request.Body));
            return max;
        }

        return lease.MaxOutputTokens ?? (lease.HasBudget ? own : null);
    }

    private static void CheckCostIsBounded(
        Protocol protocol,
        JsonElement body,
        ModelRoute route,
        ResolvedTarget target
    )
    {
        if (
            (
                BudgetedRequestValidator.ValidateModel(target)
                ?? BudgetedRequestValidator.Validate(protocol, body, route.Defaults)
            ) is
            { } error
        )
        {
            throw new UnsupportedByProviderException(error.Path, error.Rule);
        }
    }

    private static JsonObject AddDefaults(JsonObject copy, ModelRoute route)
    {
        foreach (var (name, value) in route.Defaults ?? [])
        {
            copy.TryAdd(name, value?.DeepClone());
        }

        return copy;
    }
}
