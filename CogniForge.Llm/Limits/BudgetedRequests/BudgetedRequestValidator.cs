using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Limits.BudgetedRequests;

/// <summary>
/// Finds what makes a request cost more than its reserved maximum, in the body that the provider would receive. Checks
/// each of several members with the same name, because providers differ in which of them counts.
/// </summary>
internal static class BudgetedRequestValidator
{
    private static readonly string[] _falseOnly = ["background", "store"];

    /// <summary>Finds the first field that a request of a key with a budget must not have; null: none.</summary>
    /// <param name="protocol">The provider's protocol.</param>
    /// <param name="body">The request's body in that protocol.</param>
    /// <param name="defaults">The route's defaults for fields that the body does not have.</param>
    public static FieldError? Validate(Protocol protocol, JsonElement body, JsonObject? defaults)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in body.EnumerateObject())
        {
            var name = GetName(member);
            if ((names.Add(name) ? Validate(protocol, name, member.Value) : Once(name)) is { } error)
            {
                return error;
            }
        }

        return (defaults ?? [])
            .Where(d => !names.Contains(d.Key))
            .Select(d => Validate(protocol, d.Key, JsonSerializer.SerializeToElement(d.Value)))
            .FirstOrDefault(e => e is not null);
    }

    /// <summary>Refuses OpenRouter's suffix that adds a web search, which has a fee; null: the model has none.</summary>
    public static FieldError? ValidateModel(ResolvedTarget target) =>
        target.Provider.Kind == ProviderKind.OpenRouter
        && target.Model.Contains(":online", StringComparison.OrdinalIgnoreCase)
            ? new("model", Rule("the provider charges a fee for each web search"))
            : null;

    private static FieldError? Validate(Protocol protocol, string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.False && IsFalseOnly(name)))
        {
            return null;
        }

        if (name == "modalities" && value.Items().All(m => m.Text() == "text") && value.Items().Any())
        {
            return null;
        }

        if (!BudgetedFields.For(protocol).Contains(name))
        {
            return Refuse(name, BudgetedFields.Reasons.GetValueOrDefault(name, BudgetedFields.UnknownReason));
        }

        return name switch
        {
            "tools" => First(value, name, (tool, path) => ValidateTool(protocol, tool, path)),
            "input" when protocol == Protocol.Responses => First(value, name, ValidateItem),
            "messages" or "system" or "instructions" => ValidateContent(value, name),
            _ => null,
        };
    }

    private static FieldError? ValidateTool(Protocol protocol, JsonElement tool, string path)
    {
        var types = GetMembers(tool, "type").ToList();
        var isClientTool =
            types.Count == 0
                ? protocol == Protocol.Messages
                : types.All(t => t.Text() is { } type && BudgetedFields.ToolTypes.Contains(type));
        return isClientTool ? null : Refuse($"{path}.type", "only function and custom tools have no costs of their own");
    }

    /// <summary>Validates an item of a responses request, which may also be the id of a stored item.</summary>
    private static FieldError? ValidateItem(JsonElement item, string path)
    {
        var isTyped = GetMembers(item, "type").Any(t => t.IsPresent());
        var isReference = isTyped
            ? GetMembers(item, "type").Any(t => t.Text() == "reasoning") && IsReasoningReference(item)
            : !GetMembers(item, "role").Any(r => r.IsPresent());
        return isReference
            ? Refuse($"{path}.{(isTyped ? "id" : "type")}", BudgetedFields.Reasons["conversation"])
            : ValidateContent(item, path);
    }

    // Without the encrypted text, the provider reads the stored reasoning by its id.
    private static bool IsReasoningReference(JsonElement item) =>
        GetMembers(item, "id").Any(i => i.IsPresent())
        && !(GetMembers(item, "encrypted_content").ToList() is { Count: > 0 } texts && texts.All(t => t.Text() is not null));

    private static FieldError? ValidateContent(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            return First(value, path, ValidateContent);
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var isDocument = GetMembers(value, "type").Any(t => t.Text() == "document");
        foreach (var member in value.EnumerateObject())
        {
            var name = GetName(member);
            var error = name switch
            {
                "type" => ValidateType(member.Value, BudgetedFields.ContentTypes, $"{path}.type"),
                "content" or "output" or "summary" => ValidateContent(member.Value, $"{path}.{name}"),
                "source" when isDocument => ValidateDocument(member.Value, $"{path}.source"),
                "audio" when member.Value.IsPresent() => Refuse($"{path}.audio", BudgetedFields.Reasons["conversation"]),
                _ => null,
            };
            if (error is not null)
            {
                return error;
            }
        }

        return null;
    }

    private static FieldError? ValidateDocument(JsonElement source, string path) =>
        GetMembers(source, "type")
            .Select(t => ValidateType(t, BudgetedFields.DocumentSources, $"{path}.type"))
            .FirstOrDefault(e => e is not null)
        ?? GetMembers(source, "content")
            .Select(c => ValidateContent(c, $"{path}.content"))
            .FirstOrDefault(e => e is not null);

    private static FieldError? ValidateType(JsonElement type, FrozenSet<string> allowed, string path) =>
        type.ValueKind == JsonValueKind.Null || (type.Text() is { } text && allowed.Contains(text))
            ? null
            : Refuse(path, "the gateway does not know how many tokens it has");

    private static FieldError? First(JsonElement items, string path, Func<JsonElement, string, FieldError?> validate) =>
        items.Items().Select((item, i) => validate(item, $"{path}[{i}]")).FirstOrDefault(e => e is not null);

    private static IEnumerable<JsonElement> GetMembers(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
            ? element.EnumerateObject().Where(m => GetName(m) == name).Select(m => m.Value)
            : [];

    private static bool IsFalseOnly(string name) => _falseOnly.Contains(name);

    private static string GetName(JsonProperty member) => InvalidUnicode.Ignore(member, static m => m.Name) ?? "";

    private static FieldError Once(string name) => new(name, "must occur only once for an API key with a budget");

    private static FieldError Refuse(string path, string reason) => new(path, Rule(reason));

    private static string Rule(string reason) => $"is not allowed for an API key with a budget: {reason}";
}
