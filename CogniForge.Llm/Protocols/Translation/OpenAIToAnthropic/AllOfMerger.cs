using System.Collections.Frozen;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;

/// <summary>
/// Merges the branches of <c>allOf</c> into their schema: of two closed objects, each refuses the properties of the
/// other, and Anthropic takes no reference there (platform.claude.com/docs/en/build-with-claude/structured-outputs).
/// </summary>
/// <param name="root">The schema that has the definitions.</param>
internal sealed class AllOfMerger(JsonObject root)
{
    private const string AllOf = "allOf";
    private const string Reference = "$ref";
    private const string Properties = "properties";

    private static readonly FrozenSet<string> _notMerged = UnknownMembers.Known(
        "allOf $ref additionalProperties $defs definitions $schema $id $comment"
    );
    private static readonly FrozenSet<string> _annotations = UnknownMembers.Known("title description default");

    private readonly SchemaDefinitions _definitions = new(root);
    private readonly HashSet<string> _open = []; // references whose definitions contain the current schema

    /// <summary>Merges the branches of a schema, unless one of them cannot be resolved.</summary>
    /// <param name="schema">The schema, which is changed.</param>
    /// <param name="depth">How deep it lies in the root.</param>
    /// <param name="isMerged">Whether several branches became one.</param>
    /// <returns>The references that are open until <see cref="Close"/>.</returns>
    public IReadOnlyList<string> Merge(JsonObject schema, int depth, out bool isMerged)
    {
        isMerged = false;
        if (schema[AllOf] is not JsonArray branches)
        {
            return [];
        }

        if (
            branches is [JsonObject { Count: 1 } only]
            && only[Reference].Text() is { } reference
            && schema.All(m => _annotations.Contains(m.Key) || (m.Key != Reference && _notMerged.Contains(m.Key)))
        )
        {
            schema.Remove(AllOf);
            schema[Reference] = reference; // as Pydantic's first version adds a description
            return [];
        }

        var (flat, references) = (new List<JsonObject>(), new HashSet<string>());
        if (!Flatten(branches, depth, flat, references))
        {
            return [];
        }

        schema.Remove(AllOf);
        isMerged = true;
        Join(schema, flat);
        return [.. references.Where(_open.Add)];
    }

    /// <summary>Closes references after the schemas that they contain.</summary>
    public void Close(IReadOnlyList<string> references) => _open.ExceptWith(references);

    /// <summary>Lists the branches and those within them, with copies of the definitions.</summary>
    /// <returns>False: a reference leads elsewhere, to itself, or to too much.</returns>
    private bool Flatten(JsonArray branches, int depth, List<JsonObject> flat, HashSet<string> references)
    {
        foreach (var node in branches)
        {
            if (node is not JsonObject branch || !Flatten(branch, depth, flat, references))
            {
                return false;
            }
        }

        return true;
    }

    private bool Flatten(JsonObject branch, int depth, List<JsonObject> flat, HashSet<string> references)
    {
        if (branch.ContainsKey(Reference))
        {
            if (branch[Reference].Text() is not { } name || !_open.Add(name))
            {
                return false;
            }

            var isResolved = _definitions.Copy(name, depth) is { } copy && Flatten(copy, depth, flat, references);
            _open.Remove(name);
            if (!isResolved)
            {
                return false;
            }

            references.Add(name);
        }

        flat.Add(branch);
        return branch[AllOf] is not { } inner || (inner is JsonArray all && Flatten(all, depth, flat, references));
    }

    /// <summary>Moves the members of the branches to the schema; what differs is stated in a description.</summary>
    private static void Join(JsonObject schema, List<JsonObject> branches)
    {
        var required = (schema["required"] as JsonArray ?? []).Select(r => r.Text()).OfType<string>().ToHashSet();
        var stated = new Dictionary<JsonObject, List<string>>();
        foreach (var branch in branches)
        {
            var members = branch.ToList();
            branch.Clear();
            foreach (var (name, value) in members.Where(m => !_notMerged.Contains(m.Key)))
            {
                if (name == "required" && value is JsonArray names)
                {
                    required.UnionWith(names.Select(n => n.Text()).OfType<string>());
                }
                else if (name == Properties && value is JsonObject added && schema[Properties] is JsonObject properties)
                {
                    JoinProperties(properties, added, stated);
                }
                else if (!schema.TryAdd(name, value) && !_annotations.Contains(name))
                {
                    State(schema, schema[name], name, value, stated);
                }
            }
        }

        if (required.Count > 0)
        {
            schema["required"] = new JsonArray([.. required.Select(r => (JsonNode)r)]);
        }

        foreach (var (parent, constraints) in stated)
        {
            StrictSchema.State(parent, constraints);
        }
    }

    private static void JoinProperties(
        JsonObject properties,
        JsonObject added,
        Dictionary<JsonObject, List<string>> stated
    )
    {
        var members = added.ToList();
        added.Clear();
        foreach (var (name, value) in members)
        {
            if (properties[name] is JsonObject property)
            {
                State(property, property, AllOf, value, stated);
            }
            else
            {
                properties[name] = value;
            }
        }
    }

    private static void State(
        JsonObject schema,
        JsonNode? existing,
        string name,
        JsonNode? value,
        Dictionary<JsonObject, List<string>> stated
    )
    {
        if (AreEqual(existing, value))
        {
            return;
        }

        if (!stated.TryGetValue(schema, out var constraints))
        {
            stated[schema] = constraints = [];
        }

        constraints.Add($"{name}: {(value is null ? "null" : WireJson.WriteText(value))}");
    }

    private static bool AreEqual(JsonNode? existing, JsonNode? value)
    {
        try
        {
            return JsonNode.DeepEquals(existing, value);
        }
        catch (ArgumentOutOfRangeException)
        {
            return false; // numbers with exponents that .NET does not compare
        }
    }
}
