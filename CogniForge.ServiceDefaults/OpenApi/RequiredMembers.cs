using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CogniForge.ServiceDefaults.OpenApi;

/// <summary>
/// Describes the required members of our own request bodies as not null. They are nullable in C# only so that
/// validation can name them all, and it refuses null.
/// </summary>
internal static class RequiredMembers
{
    private const string OwnPath = "/api/";

    public static Task DescribeAsync(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var seen = new HashSet<OpenApiSchema>();
        foreach (
            var content in document
                .Paths.Where(p => p.Key.StartsWith(OwnPath, StringComparison.Ordinal))
                .SelectMany(p => p.Value.Operations?.Values.AsEnumerable() ?? [])
                .SelectMany(o => o.RequestBody?.Content?.Values.AsEnumerable() ?? [])
        )
        {
            Visit(content.Schema, seen);
        }

        return Task.CompletedTask;
    }

    private static void Visit(IOpenApiSchema? schema, HashSet<OpenApiSchema> seen)
    {
        if (Resolve(schema) is not { } found || !seen.Add(found))
        {
            return;
        }

        foreach (var (name, member) in found.Properties ?? new Dictionary<string, IOpenApiSchema>())
        {
            if (found.Required?.Contains(name) == true && member is OpenApiSchema own)
            {
                own.Type &= ~JsonSchemaType.Null;
                own.OneOf = own.OneOf?.Where(s => s.Type != JsonSchemaType.Null).ToList();
            }

            Visit(member, seen);
        }

        Visit(found.Items, seen);
        Visit(found.AdditionalProperties, seen);
        foreach (var part in (found.OneOf ?? []).Concat(found.AnyOf ?? []).Concat(found.AllOf ?? []))
        {
            Visit(part, seen);
        }
    }

    private static OpenApiSchema? Resolve(IOpenApiSchema? schema) =>
        schema switch
        {
            OpenApiSchema own => own,
            OpenApiSchemaReference reference => reference.RecursiveTarget,
            _ => null,
        };
}
