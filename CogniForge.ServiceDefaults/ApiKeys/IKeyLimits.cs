using System.Text.Json;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>The limits of this service's keys; a service that has none does not register this.</summary>
internal interface IKeyLimits
{
    /// <summary>The limits' type, for the API's description.</summary>
    Type Type { get; }

    /// <summary>Limits for the API's description, JSON.</summary>
    string Example { get; }

    /// <summary>Checks limits that a client sends.</summary>
    /// <param name="sent">What came.</param>
    /// <param name="path">Where it stood in the body; empty: it is the body.</param>
    /// <param name="kept">What to keep of it; null when there are errors.</param>
    IReadOnlyList<FieldError> Check(JsonElement sent, string path, out JsonElement? kept);

    /// <summary>Reads limits that were kept.</summary>
    object? Read(JsonElement kept);

    /// <summary>A key's limits have been replaced.</summary>
    void Changed(Guid id);
}
