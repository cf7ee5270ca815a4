using System.Text.Json;
using CogniForge.ServiceDefaults.Errors;
using Microsoft.AspNetCore.WebUtilities;

namespace CogniForge.Serving.Experiments;

/// <summary>What an experiment assigns to a variant, such as a user.</summary>
/// <param name="Id">The stable id.</param>
/// <param name="Attributes">What targeting rules and covariates refer to; numbers in invariant notation.</param>
internal sealed record ExperimentUnit(string Id, IReadOnlyDictionary<string, string> Attributes)
{
    /// <summary>The header, or gRPC metadata, with the id.</summary>
    public const string IdHeader = "x-cogniforge-unit-id";

    /// <summary>The header or gRPC metadata with attributes, as a query: <c>country=DE&amp;age=31</c>.</summary>
    public const string AttributesHeader = "x-cogniforge-unit-attributes";

    /// <summary>The maximum length of ids, in characters.</summary>
    public const int MaxIdLength = 256;

    /// <summary>The maximum number of attributes.</summary>
    public const int MaxAttributes = 100;

    /// <summary>The maximum length of an attribute's name and value, in characters.</summary>
    public const int MaxAttributeLength = 500;

    /// <summary>The rule for ids, phrased to follow their path.</summary>
    public static readonly string IdRule = $"must have 1 to {MaxIdLength} characters of valid Unicode without U+0000";

    private const string IdParameter = "unit_id";
    private const string AttributePrefix = "attributes.";

    private static readonly string _attributesRule =
        $"must have at most {MaxAttributes} attributes of at most {MaxAttributeLength} characters without U+0000";

    /// <summary>Whether a text can be an id.</summary>
    public static bool IsId(string? id) => id is { Length: >= 1 and <= MaxIdLength } && IsStorable(id);

    /// <summary>Reads the unit of an inference request; parameters win over headers.</summary>
    /// <param name="parameters">The request's parameters: <c>unit_id</c> and <c>attributes.{name}</c>.</param>
    /// <param name="headers">The request's headers, or gRPC metadata.</param>
    /// <param name="error">The rule that it breaks.</param>
    /// <returns>The unit; null: the request has none, or it is not valid.</returns>
    public static ExperimentUnit? Read(JsonElement? parameters, IHeaderDictionary headers, out FieldError? error)
    {
        error = null;
        var id = headers[IdHeader] is { Count: > 0 } header ? header.ToString() : null;
        var idPath = IdHeader;
        if (parameters?.TryGetProperty(IdParameter, out var parameter) == true)
        {
            (id, idPath) = (ReadText(parameter) ?? "", $"parameters.{IdParameter}");
        }

        if (id is null)
        {
            return null;
        }

        if (!IsId(id))
        {
            error = new(idPath, IdRule);
            return null;
        }

        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, values) in QueryHelpers.ParseQuery(headers[AttributesHeader]))
        {
            attributes[name] = values.ToString();
        }

        var isReadable = parameters is null || ReadAttributes(parameters.Value, attributes);
        if (!isReadable || Validate(attributes) is not null)
        {
            error = new(isReadable ? "attributes" : "parameters", _attributesRule);
            return null;
        }

        return new(id, attributes);
    }

    /// <summary>The rule that attributes break; null: none.</summary>
    public static string? Validate(IReadOnlyDictionary<string, string> attributes) =>
        attributes.Count <= MaxAttributes
        && attributes.All(a =>
            a is { Key.Length: <= MaxAttributeLength, Value.Length: <= MaxAttributeLength }
            && IsStorable(a.Key)
            && IsStorable(a.Value)
        )
            ? null
            : _attributesRule;

    // Postgres does not store U+0000; JSON, headers and gRPC pass no other text that it rejects.
    private static bool IsStorable(string text) => !text.Contains('\0', StringComparison.Ordinal);

    private static bool ReadAttributes(JsonElement parameters, Dictionary<string, string> attributes)
    {
        try
        {
            foreach (var parameter in parameters.EnumerateObject())
            {
                if (parameter.Name.StartsWith(AttributePrefix, StringComparison.Ordinal))
                {
                    if (ReadText(parameter.Value) is not { } value)
                    {
                        return false;
                    }

                    attributes[parameter.Name[AttributePrefix.Length..]] = value;
                }
            }

            return true;
        }
        catch (InvalidOperationException)
        {
            return false; // a name with a broken surrogate pair
        }
    }

    /// <summary>A string, number or boolean as text; null: neither, or not valid Unicode.</summary>
    public static string? ReadText(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                JsonValueKind.True => "true",
                JsonValueKind.False => "false",
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            return null; // a broken surrogate pair
        }
    }
}
