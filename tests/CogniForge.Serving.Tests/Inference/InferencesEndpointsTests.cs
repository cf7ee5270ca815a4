namespace CogniForge.Serving.Tests.Inference;

public class InferencesEndpointsTests(ServingService service) : IClassFixture<ServingService>
{
    private const string Path = "/v2/models/breast-cancer/infer";

    [Fact]
    public async Task Count_SuccessesAndFailures_CountsSuccessesOnce()
    {
        (await service.RegisterAsync(ServingService.BreastCancerModel)).Dispose();
        for (var i = 1; i <= 3; i++)
        {
            using var succeeded = await service.Client.PostAsync(Path, ServingService.BreastCancerRequest);
            await succeeded.ReadAsync(200);
            using var rejected = await service.Client.PostAsync(Path, "{}");
            await rejected.ReadAsync(400);

            // A duplicate, or a record of the failed request, would be stored before the next success.
            await Until.EqualAsync(i, () => service.CountAsync("inferences"));
        }
    }
}
