namespace CogniForge.ServiceDefaults.OpenApi;

/// <summary>Maps the OpenAPI document.</summary>
internal static class CachedDocumentExtensions
{
    private const string Name = "v1";

    /// <summary>Maps <c>/openapi/v1.json</c>; generating the document takes about 90 ms, so it is made once.</summary>
    public static void MapOpenApiDocument(this IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapOpenApi()
            .AllowAnonymous()
            .Add(endpoint =>
            {
                var create = endpoint.RequestDelegate!;
                var document = new CachedDocument(create);
                endpoint.RequestDelegate = context =>
                    Name.Equals(context.GetRouteValue("documentName") as string, StringComparison.OrdinalIgnoreCase)
                        ? document.ServeAsync(context)
                        : create(context);
            });
}
