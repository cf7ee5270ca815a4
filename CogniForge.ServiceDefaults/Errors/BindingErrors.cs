using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using CogniForge.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults.Errors;

/// <summary>Describes ASP.NET's binding errors in the client's terms: its own messages name .NET types.</summary>
internal static partial class BindingErrors
{
    private static readonly MethodInfo _tryParse = ((Func<string, bool>)TryParse<int>)
        .Method
        .GetGenericMethodDefinition();

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

    /// <summary>
    /// The problem of an optional query parameter whose value is not of its type: binding then only sets status 400.
    /// Null: there is no such parameter.
    /// </summary>
    public static ProblemHttpResult? Describe(HttpContext context)
    {
        if (context.Response.StatusCode != StatusCodes.Status400BadRequest)
        {
            return null;
        }

        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var parameters = context.GetEndpoint()?.Metadata.OfType<IParameterBindingMetadata>() ?? [];
        var wrong = parameters.FirstOrDefault(p =>
            p is { IsOptional: true, HasTryParse: true }
            && context.Request.Query[p.Name] is [{ Length: > 0 } text, ..]
            && !CanParse(p.ParameterInfo.ParameterType, text)
        );
        return wrong is null
            ? null
            : Problems.Invalid([
                new(
                    JsonNamingPolicy.CamelCase.ConvertName(wrong.Name),
                    $"must be {WireTypes.Describe(wrong.ParameterInfo.ParameterType, options)}"
                ),
            ]);
    }

    private static bool CanParse(Type type, string text)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsEnum
            ? Enum.TryParse(type, text, ignoreCase: true, out _)
            : !type.IsAssignableTo(typeof(IParsable<>).MakeGenericType(type))
                || _tryParse.MakeGenericMethod(type).Invoke(null, [text]) is true;
    }

    private static bool TryParse<T>(string text)
        where T : IParsable<T> => T.TryParse(text, CultureInfo.InvariantCulture, out _);

    [GeneratedRegex(@"^Required parameter "".*?(?<name>\w+)"" was not provided from ")]
    private static partial Regex NotProvided();

    [GeneratedRegex(@"^Failed to bind parameter ""[^""]*?(?<name>\w+)"" from ")]
    private static partial Regex NotBound();
}
