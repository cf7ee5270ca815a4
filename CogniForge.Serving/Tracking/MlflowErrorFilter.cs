using CogniForge.Serving.Models;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Serving.Tracking;

/// <summary>Turns refusals into errors of MLflow's API.</summary>
internal sealed class MlflowErrorFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (MlflowException e)
        {
            return Write(e.Code, e.Message);
        }
        catch (RegistryException e)
        {
            return Write(
                e.Kind switch
                {
                    RegistryErrorKind.NotFound => MlflowErrorCode.DoesNotExist,
                    RegistryErrorKind.Exists => MlflowErrorCode.AlreadyExists,
                    _ => MlflowErrorCode.Conflict,
                },
                e.Message
            );
        }
    }

    private static JsonHttpResult<MlflowError> Write(string code, string message) =>
        TypedResults.Json(
            new MlflowError(code, message),
            MlflowJson.Options,
            statusCode: MlflowErrorCode.GetStatus(code)
        );
}
