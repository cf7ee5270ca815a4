using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.Errors;
using static CogniForge.Llm.BudgetedRequests.BudgetedFields;
using static CogniForge.Llm.BudgetedRequests.FieldErrorPaths;

namespace CogniForge.Llm.BudgetedRequests;

/// <summary>
/// Finds what makes a request cost more than its reserved maximum, in the body that the provider would receive. Checks
/// each of several members with the same name, because providers differ in which of them counts.
/// </summary>
internal static class BudgetedRequestValidator
{
    private static readonly string[] _switches = ["background", "store", "deferred"];
    private static readonly string[] _encrypted = ["reasoning", "compaction", "compaction_summary"];

    /// <summary>Finds the first field that a request of a key with a budget must not have; null: none.</summary>
    /// <param name="protocol">The provider's protocol.</param>
    /// <param name="body">The request's body in that protocol.</param>
    /// <param name="defaults">The route's defaults for fields that the body does not have.</param>
    public static FieldError? Validate(Protocol protocol, JsonElement body, JsonObject? defaults)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var maxCalls = HostedTools.ReadMaxCalls(body, defaults);
        foreach (var member in body.EnumerateObject())
        {
            var name = member.ValidName();
            if ((names.Add(name) ? Validate(protocol, name, member.Value, maxCalls) : Once(name)) is { } error)
            {
                return error;
            }
        }

        // Providers differ in which of them counts, so its cost might be another's.
        if (StrictJson.HasDuplicates(body))
        {
            return new("", "must have no name twice in an object, for an API key with a budget");
        }

        return (defaults ?? [])
            .Where(d => !names.Contains(d.Key))
            .Select(d => Validate(protocol, d.Key, JsonSerializer.SerializeToElement(d.Value), maxCalls))
            .FirstOrDefault(e => e is not null);
    }

    /// <summary>Refuses OpenRouter's suffix that adds a web search with a fee; null: the model has none.</summary>
    public static FieldError? ValidateModel(ResolvedTarget target) =>
        target.Provider.Kind == ProviderKind.OpenRouter
        && target.Model.Contains(":online", StringComparison.OrdinalIgnoreCase)
            ? Refuse("model", "the provider charges a fee for each web search")
            : null;

    private static FieldError? Validate(Protocol protocol, string name, JsonElement value, int? maxCalls)
    {
        if (value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.False && IsSwitch(name)))
        {
            return null;
        }

        if (name == "modalities" && value.Items().All(m => m.Text() == "text") && value.Items().Any())
        {
            return null;
        }

        if (name == "context_management" && protocol == Protocol.Messages && OnlyClears(value))
        {
            return null;
        }

        if (!BudgetedFields.For(protocol).Contains(name))
        {
            return Refuse(name, Reasons.GetValueOrDefault(name, UnknownReason));
        }

        if (name == "tools" && value.ValueKind != JsonValueKind.Array)
        {
            return new(name, "must be an array for an API key with a budget");
        }

        return Below(
            name,
            name switch
            {
                "tools" => First(value, tool => ValidateTool(protocol, tool, maxCalls)),
                "input" when protocol == Protocol.Responses => First(value, item => ValidateItem(item, maxCalls)),
                "input" when protocol == Protocol.Embeddings => First(value, ValidateEmbedded),
                "inference_geo" when !InferenceGeo.IsPriced(value.Text()) => Refuse("", Reasons[name]),
                "messages" or "system" or "instructions" => BudgetedContent.Validate(value),
                _ => null,
            }
        );
    }

    private static FieldError? ValidateTool(Protocol protocol, JsonElement tool, int? maxCalls)
    {
        var types = tool.Members("type").ToList();
        if (types.Count == 1 && types[0].Text() == "namespace")
        {
            return Below(
                ".tools",
                tool.Members("tools")
                    .Select(t => First(t, i => ValidateTool(protocol, i, null)))
                    .FirstOrDefault(e => e is not null)
            );
        }

        var isClientTool =
            types.Count == 0
                ? protocol == Protocol.Messages
                : types.All(t => t.Text() is { } type && ToolTypes.Contains(type));
        return isClientTool || ClientTools.Contains(protocol, tool)
            ? null
            : HostedTools.Validate(protocol, tool, maxCalls);
    }

    /// <summary>Validates an item of a responses request, which may also be the id of a stored item.</summary>
    private static FieldError? ValidateItem(JsonElement item, int? maxCalls)
    {
        if (item.Members("type").ToList() is [var type] && RequestTools.HasTools(type.Text()))
        {
            return ValidateToolItem(item, maxCalls);
        }

        var isTyped = item.Members("type").Any(t => t.IsPresent());
        var isReference = isTyped
            ? item.Members("type").Any(t => _encrypted.Contains(t.Text())) && IsReferenceToText(item)
            : !item.Members("role").Any(r => r.IsPresent());
        return isReference
            ? Refuse(isTyped ? ".id" : ".type", Reasons["conversation"])
            : BudgetedContent.Validate(item);
    }

    private static FieldError? ValidateToolItem(JsonElement item, int? maxCalls)
    {
        foreach (var member in item.EnumerateObject())
        {
            var name = member.ValidName();
            var error =
                name == "tools" ? First(member.Value, tool => ValidateTool(Protocol.Responses, tool, maxCalls))
                : name is "type" or "id" or "role" or "call_id" or "execution" or "status" or "created_by" ? null
                : Refuse("", UnknownReason);
            if (error is not null)
            {
                return Below($".{name}", error);
            }
        }

        return null;
    }

    // Anthropic removes old thinking or tool results from the input; only a compaction calls the model again.
    private static bool OnlyClears(JsonElement management) =>
        management.ValueKind == JsonValueKind.Object
        && management.EnumerateObject().All(m => m.ValidName() == "edits" && m.Value.Items().All(IsClearing));

    private static bool IsClearing(JsonElement edit) =>
        edit.Members("type").ToList() is [var type]
        && type.Text()?.StartsWith("clear_", StringComparison.Ordinal) == true;

    private static FieldError? ValidateEmbedded(JsonElement input) =>
        input.ValueKind == JsonValueKind.Object ? Refuse("", UnknownReason) : null;

    // Without the encrypted text, the provider reads the stored one by its id.
    private static bool IsReferenceToText(JsonElement item)
    {
        var texts = item.Members("encrypted_content").ToList();
        return item.Members("id").Any(i => i.IsPresent()) && (texts.Count == 0 || texts.Any(t => t.Text() is null));
    }

    private static bool IsSwitch(string name) => _switches.Contains(name);

    private static FieldError Once(string name) => new(name, "must occur only once for an API key with a budget");
}
