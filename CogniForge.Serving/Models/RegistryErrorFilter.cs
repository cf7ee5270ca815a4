using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Serving.Models;

/// <summary>Turns a <see cref="RegistryException"/> into problem details.</summary>
internal sealed class RegistryErrorFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (RegistryException e)
        {
            return Problems.Create(
                e.Kind switch
                {
                    RegistryErrorKind.NotFound => StatusCodes.Status404NotFound,
                    RegistryErrorKind.Changed => StatusCodes.Status412PreconditionFailed,
                    _ => StatusCodes.Status409Conflict,
                },
                e.Message
            );
        }
    }
}
