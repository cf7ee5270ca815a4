using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Protocols;

/// <summary>Changes a request to what the <see cref="ModelRules"/> of its target accept.</summary>
internal static class ModelRulesWriter
{
    private static readonly string[] _tools = ["tools", "functions"]; // the latter is OpenAI's older name

    /// <summary>Whether a request, or a default of its route, has something that the provider may not accept.</summary>
    public static bool Concerns(ResolvedTarget target, JsonElement body, JsonObject? defaults)
    {
        var (quirks, rules) = (target.Provider.Profile.Quirks, target.Rules);
        return quirks.ToolCallIdLength is not null
            || quirks.ThinkingParts == true
            || ThinkingOff.Concerns(target, body, defaults)
            || (rules.WithTools is not null && _tools.Any(name => Has(body, defaults, name)))
            || ToolHistory.Concerns(target, body)
            || rules.Fields.Any(f => Has(body, defaults, GetRoot(f.Key)))
            || rules.ReplacedTexts.Any(text => JsonMarshal.GetRawUtf8Value(body).IndexOf(text) >= 0)
            || (
                defaults is not null
                && rules.Values.Concat(rules.WhileThinking).Any(v => defaults.ContainsKey(GetRoot(v.Key)))
            );
    }

    private static string GetRoot(string path) =>
        path.IndexOf('.', StringComparison.Ordinal) is > 0 and var end ? path[..end] : path;

    private static bool Has(JsonElement body, JsonObject? defaults, string name) =>
        body.TryGetProperty(name, out _) || defaults?.ContainsKey(name) == true;

    /// <summary>Changes a request.</summary>
    /// <param name="target">The target.</param>
    /// <param name="body">The request, which is changed.</param>
    /// <param name="dropped">Receives the dropped fields that would have had an effect.</param>
    public static void Apply(ResolvedTarget target, JsonObject body, List<string> dropped)
    {
        var (quirks, rules) = (target.Provider.Profile.Quirks, target.Rules);
        if (quirks.ThinkingParts == true)
        {
            ThinkingParts.Write(body);
        }

        foreach (var (path, name) in rules.Fields)
        {
            ForEach(body, path, (parent, field) => Rename(parent, field, name, path, dropped));
        }

        var isThinking = (body["thinking"] as JsonObject)?["type"].Text() != "disabled";
        foreach (var (path, values) in rules.Values.Concat(isThinking ? rules.WhileThinking : []))
        {
            ForEach(body, path, (parent, field) => Replace(body, parent, field, values, path, dropped));
        }

        if (rules.WithTools is { } fields && _tools.Any(name => body[name] is JsonArray { Count: > 0 }))
        {
            foreach (var (path, value) in fields)
            {
                ForEach(body, path, (parent, field) => DropOther(parent, field, value, path, dropped));
                body.Set(path, value);
            }
        }

        ToolHistory.Complete(target, body);
        if (quirks.ToolCallIdLength is { } length)
        {
            ForEach(body, "messages.tool_call_id", (parent, field) => ToolCallIds.Shorten(parent, field, length));
            ForEach(body, "messages.tool_calls.id", (parent, field) => ToolCallIds.Shorten(parent, field, length));
        }
    }

    /// <summary>Finds a field by its path; a member of an array is that of each of its objects.</summary>
    private static void ForEach(JsonNode? node, string path, Action<JsonObject, string> change)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items)
            {
                ForEach(item, path, change);
            }
        }
        else if (node is JsonObject parent)
        {
            var parts = path.Split('.', 2);
            if (parts.Length == 2)
            {
                var child = parent[parts[0]];
                var isEmpty = child is JsonObject { Count: 0 };
                ForEach(child, parts[1], change);
                if (child is JsonObject { Count: 0 } && !isEmpty)
                {
                    parent.Remove(parts[0]);
                }
            }
            else if (parent.ContainsKey(path))
            {
                change(parent, path);
            }
        }
    }

    private static void Rename(JsonObject parent, string field, string? name, string path, List<string> dropped)
    {
        var value = parent[field];
        parent.Remove(field);
        if (!string.IsNullOrEmpty(name))
        {
            parent.TryAdd(name, value);
        }
        else if (HasEffect(path, value) && path != "stream_options" && !dropped.Contains(path))
        {
            dropped.Add(path); // the gateway itself returns the usage that stream_options requests
        }
    }

    private static void DropOther(JsonObject parent, string field, JsonElement value, string path, List<string> dropped)
    {
        if (!JsonNode.DeepEquals(parent[field], JsonSerializer.SerializeToNode(value)))
        {
            Rename(parent, field, null, path, dropped);
        }
    }

    // Most defaults are 0 or off; that of sampling is 1.
    private static bool HasEffect(string path, JsonNode? value) =>
        path is "temperature" or "top_p" ? value?.ToJsonString() is not (null or "1" or "1.0") : value.HasEffect();

    private static void Replace(
        JsonObject body,
        JsonObject parent,
        string field,
        IReadOnlyDictionary<string, string?> values,
        string path,
        List<string> dropped
    )
    {
        var value = parent[field];
        if (((value as JsonObject)?["type"] ?? value).Text() is { } text && values.TryGetValue(text, out var other))
        {
            if (other == JsonMode.Type && value is JsonObject format)
            {
                JsonMode.DescribeSchema(body, format);
            }

            if (string.IsNullOrEmpty(other) || (other == JsonMode.Type && !JsonMode.IsAllowed(body)))
            {
                Rename(parent, field, null, path, dropped);
            }
            else if (other == JsonMode.Type && value is JsonObject)
            {
                parent[field] = new JsonObject { ["type"] = other };
                dropped.Add($"{path}.{text}");
            }
            else
            {
                parent[field] = other;
            }
        }
    }
}
