using System.Text.Json;
using System.Text.RegularExpressions;
using CogniForge.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Http.Metadata;

namespace CogniForge.ServiceDefaults.Errors;

/// <summary>Describes ASP.NET's binding errors in the client's terms: its own messages name .NET types.</summary>
internal static partial class BindingErrors
{
    /// <summary>The parameter and the rule that its value breaks; null for other exceptions.</summary>
    public static FieldError? Describe(
        BadHttpRequestException exception,
        Endpoint? endpoint,
        JsonSerializerOptions options
    )
    {
        if (exception.Message.Contains("no body was provided", StringComparison.Ordinal))
        {
            return new("", "is required: JSON other than null");
        }

        if (NotProvided().Match(exception.Message) is { Success: true } missing)
        {
            return new(JsonNamingPolicy.CamelCase.ConvertName(missing.Groups["name"].Value), "is required");
        }

        if (NotBound().Match(exception.Message) is { Success: true } wrong)
        {
            var name = wrong.Groups["name"].Value;
            var parameter = endpoint
                ?.Metadata.OfType<IParameterBindingMetadata>()
                .FirstOrDefault(p => p.ParameterInfo.Name == name);
            return new(
                JsonNamingPolicy.CamelCase.ConvertName(name),
                $"must be {WireTypes.Describe(parameter?.ParameterInfo.ParameterType, options)}"
            );
        }

        return null;
    }

    [GeneratedRegex(@"^Required parameter "".*?(?<name>\w+)"" was not provided from ")]
    private static partial Regex NotProvided();

    [GeneratedRegex(@"^Failed to bind parameter ""[^""]*?(?<name>\w+)"" from ")]
    private static partial Regex NotBound();
}
