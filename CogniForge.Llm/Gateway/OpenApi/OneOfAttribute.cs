using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>Describes a field of several possible types in the OpenAPI document.</summary>
/// <param name="types">The types; null for JSON's null.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OneOfAttribute(params Type?[] types) : Attribute
{
    public IReadOnlyList<Type?> Types => types;

    /// <summary>Schema transformer that adds <c>oneOf</c> to the fields with this attribute.</summary>
    public static async Task DescribeAsync(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        if (
            context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(OneOfAttribute), false)
            is not [OneOfAttribute oneOf]
        )
        {
            return;
        }

        schema.OneOf = [];
        foreach (var type in oneOf.Types)
        {
            schema.OneOf.Add(
                type is null
                    ? new OpenApiSchema { Type = JsonSchemaType.Null }
                    : await context.GetOrCreateSchemaAsync(type, cancellationToken: cancellationToken)
            );
        }
    }
}
