/* Sources of the colours:
 * viridis, magma, inferno: by Nathaniel J. Smith, Stefan van der Walt and Eric Firing, released as
 *   CC0 with matplotlib; the bytes that matplotlib draws.
 * fire, ice: ImageJ's lookup tables (public domain), 32 colours each, interpolated as it does. */
#include "common/picture/colormap.h"

#include <math.h>
#include <string.h>

#include "common/text/number.h"

const char *const colormap_names[] = {"gray", "viridis", "magma",  "inferno",
                                      "fire", "ice",     "labels", NULL};

static const char viridis_table[] =
    "44015444025544035745055845065a45085b46095c460b5e460c5f460e61470f62471163471265471466471567"
    "47166947186a48196b481a6c481c6e481d6f481e70482071482172482273482374472575472676472777472878"
    "472a79472b7a472c7b462d7c462f7c46307d46317e45327f45347f453580453681443781443982433a83433b83"
    "433c84423d84423e854240854141864142864043874044873f45873f47883e48883e49893d4a893d4b893d4c89"
    "3c4d8a3c4e8a3b508a3b518a3a528b3a538b39548b39558b38568b38578c37588c37598c365a8c365b8c355c8c"
    "355d8c345e8d345f8d33608d33618d32628d32638d31648d31658d31668d30678d30688d2f698d2f6a8d2e6b8e"
    "2e6c8e2e6d8e2d6e8e2d6f8e2c708e2c718e2c728e2b738e2b748e2a758e2a768e2a778e29788e29798e287a8e"
    "287a8e287b8e277c8e277d8e277e8e267f8e26808e26818e25828e25838d24848d24858d24868d23878d23888d"
    "23898d22898d228a8d228b8d218c8d218d8c218e8c208f8c20908c20918c1f928c1f938b1f948b1f958b1f968b"
    "1e978a1e988a1e998a1e998a1e9a891e9b891e9c891e9d881e9e881e9f881ea0871fa1871fa2861fa38620a485"
    "20a58521a68521a78422a78423a88323a98224aa8225ab8126ac8127ad8028ae7f29af7f2ab07e2bb17d2cb17d"
    "2eb27c2fb37b30b47a32b57a33b67935b77836b87738b97639b9763bba753dbb743ebc7340bd7242be7144be70"
    "45bf6f47c06e49c16d4bc26c4dc26b4fc36951c46853c56755c66657c66559c7645bc8625ec96160c96062ca5f"
    "64cb5d67cc5c69cc5b6bcd596dce5870ce5672cf5574d05477d05279d1517cd24f7ed24e81d34c83d34b86d449"
    "88d5478bd5468dd64490d64392d74195d73f97d83e9ad83c9dd93a9fd938a2da37a5da35a7db33aadb32addc30"
    "afdc2eb2dd2cb5dd2bb7dd29bade27bdde26bfdf24c2df22c5df21c7e01fcae01ecde01dcfe11cd2e11bd4e11a"
    "d7e219dae218dce218dfe318e1e318e4e318e7e419e9e419ece41aeee51bf1e51cf3e51ef6e61ff8e621fae622"
    "fde724";

static const char magma_table[] =
    "00000300000400000601000701010901010b02020d02020f03031104031304041505041706051907051b08061d"
    "09071f0a07220b08240c09260d0a280e0a2a0f0b2c100c2f110c31120d33140d35150e38160e3a170f3c180f3f"
    "1a10411b10441c10461e10491f114b20114d2211502311522511552611572811592a115c2b115e2d10602f1062"
    "301065321067341068350f6a370f6c390f6e3b0f6f3c0f713e0f72400f73420f74430f75450f76470f77481078"
    "4a10794b10794d117a4f117b50127b52127c53137c55137d57147d58157e5a157e5b167e5d177e5e177f60187f"
    "61187f63197f651a80661a80681b80691c806b1c806c1d806e1e816f1e81711f81731f81742081762181772181"
    "7922817a22817c23817e24817f24818125818225818426818526818727818928818a28818c29808d29808f2a80"
    "912a80922b80942b80952c80972c7f992d7f9a2d7f9c2e7f9e2e7e9f2f7ea12f7ea3307ea4307da6317da7317d"
    "a9327cab337cac337bae347bb0347bb1357ab3357ab53679b63679b83778b93778bb3877bd3977be3976c03a75"
    "c23a75c33b74c53c74c63c73c83d72ca3e72cb3e71cd3f70ce4070d0416fd1426ed3426dd4436dd6446cd7456b"
    "d9466ada4769dc4869dd4968de4a67e04b66e14c66e24d65e44e64e55063e65162e75262e85461ea5560eb5660"
    "ec585fed595fee5b5eee5d5def5e5df0605df1615cf2635cf3655cf3675bf4685bf56a5bf56c5bf66e5bf6705b"
    "f7715bf7735cf8755cf8775cf9795cf97b5df97d5dfa7f5efa805efa825ffb8460fb8660fb8861fb8a62fc8c63"
    "fc8e63fc9064fc9265fc9366fd9567fd9768fd9969fd9b6afd9d6bfd9f6cfda16efda26ffda470fea671fea873"
    "feaa74feac75feae76feaf78feb179feb37bfeb57cfeb77dfeb97ffebb80febc82febe83fec085fec286fec488"
    "fec689fec78bfec98dfecb8efdcd90fdcf92fdd193fdd295fdd497fdd698fdd89afdda9cfddc9dfddd9ffddfa1"
    "fde1a3fce3a5fce5a6fce6a8fce8aafceaacfcecaefceeb0fcf0b1fcf1b3fcf3b5fcf5b7fbf7b9fbf9bbfbfabd"
    "fbfcbf";

static const char inferno_table[] =
    "00000300000400000601000701010901010b02010e02021003021204031404031605041806041b07051d08061f"
    "0906210a07230b07260d08280e082a0f092d10092f120a32130a34140b36160b39170b3b190b3e1a0b401c0c43"
    "1d0c451f0c47200c4a220b4c240b4e260b50270b52290b542b0a562d0a582e0a5a300a5c32095d34095f350960"
    "3709613909623b09643c09653e0966400966410967430a68450a69460a69480b6a4a0b6a4b0c6b4d0c6b4f0d6c"
    "500d6c520e6c530e6d550f6d570f6d58106d5a116d5b116e5d126e5f126e60136e62146e63146e65156e66156e"
    "68166e6a176e6b176e6d186e6e186e70196e72196d731a6d751b6d761b6d781c6d7a1c6d7b1d6c7d1d6c7e1e6c"
    "801f6b811f6b83206b85206a86216a88216a8922698b22698d23698e2468902468912567932567952666962666"
    "9827659928649b28649c29639e2963a02a62a12b61a32b61a42c60a62c5fa72d5fa92e5eab2e5dac2f5cae305b"
    "af315bb1315ab23259b43358b53357b73456b83556ba3655bb3754bd3753be3852bf3951c13a50c23b4fc43c4e"
    "c53d4dc73e4cc83e4bc93f4acb4049cc4148cd4247cf4446d04544d14643d24742d44841d54940d64a3fd74b3e"
    "d94d3dda4e3bdb4f3adc5039dd5238de5337df5436e05634e25733e35832e45a31e55b30e65c2ee65e2de75f2c"
    "e8612be9622aea6428eb6527ec6726ed6825ed6a23ee6c22ef6d21f06f1ff0701ef1721df2741cf2751af37719"
    "f37918f47a16f57c15f57e14f68012f68111f78310f7850ef8870df8880cf88a0bf98c09f98e08f99008fa9107"
    "fa9306fa9506fa9706fb9906fb9b06fb9d06fb9e07fba007fba208fba40afba60bfba80dfbaa0efbac10fbae12"
    "fbb014fbb116fbb318fbb51afbb71cfbb91efabb21fabd23fabf25fac128f9c32af9c52cf9c72ff8c931f8cb34"
    "f8cd37f7cf3af7d13cf6d33ff6d542f5d745f5d948f4db4bf4dc4ff3de52f3e056f3e259f2e45df2e660f1e864"
    "f1e968f1eb6cf1ed70f1ee74f1f079f1f27df2f381f2f485f3f689f4f78df5f891f6fa95f7fb99f9fc9dfafda0"
    "fcfea4";

static const char fire_points[] = "00000000003d0100601900823100a54900c06200dc7a00e3"
                                  "9200d2a200b5ad0097b8007ac3005dcf0e40d92323e53905"
                                  "f04f00fc6500ff7500ff8500ff9300ffa100ffaf00ffbe00"
                                  "ffcd00ffdb00ffea00fff823ffff62ffffa0ffffdfffffff";

static const char ice_points[] = "009c8c00a59300b09e00b8a600beaa00c4b013c1d11db8dc"
                                 "32abea30a2e14f92ec707df6866bfa9e5dfbba51fac957fa"
                                 "d95cf5e561e6f25fe6fa5ddefa5dcafa5ab4fa55a3fb458e"
                                 "fa407bfa3672fa2f6afa235efb1354fb0040f3041ae6001b";

/* Byte number `at` of a table: red, green, blue of colour 0, then of colour 1, ... */
static unsigned char entry(const char *table, size_t at)
{
    return (unsigned char)number_hex_byte(table + 2 * at);
}

static void copy_colours(const char *table, unsigned char rgb[256][3])
{
    for (size_t i = 0; i < 256; i++)
        for (size_t k = 0; k < 3; k++)
            rgb[i][k] = entry(table, 3 * i + k);
}

/* Makes 256 colours of 32: colour i lies at point i/8, the last ones are the last point. Rounds
 * down, as ImageJ does. */
static void interpolate(const char *points, unsigned char rgb[256][3])
{
    for (size_t i = 0; i < 256; i++) {
        size_t left = i / 8, right = left < 31 ? left + 1 : 31, part = i % 8;
        for (size_t k = 0; k < 3; k++) {
            size_t sum =
                entry(points, 3 * left + k) * (8 - part) + entry(points, 3 * right + k) * part;
            rgb[i][k] = (unsigned char)(sum / 8);
        }
    }
}

/* The hue goes round by the golden angle, lightness and strength change with it: the page of
 * vol2html colours labels so. From HSL to RGB as in CSS Color 4, section 7.1. */
static void label_colour(unsigned label, unsigned char rgb[3])
{
    static const double lights[] = {0.62, 0.5, 0.72};
    static const double parts[] = {0, 8, 4};
    double hue = fmod(label * 137.508, 360), light = lights[label % 3];
    double strength = (label % 2 ? 0.85 : 0.6) * fmin(light, 1 - light);
    for (int i = 0; i < 3; i++) {
        double k = fmod(parts[i] + hue / 30, 12);
        double share = fmax(-1, fmin(fmin(k - 3, 9 - k), 1));
        rgb[i] = (unsigned char)(label == 0 ? 0 : 255 * (light - strength * share) + 0.5);
    }
}

void colormap_fill(enum colormap map, unsigned char rgb[256][3])
{
    switch (map) {
    case COLORMAP_GRAY:
        for (size_t i = 0; i < 256; i++)
            memset(rgb[i], (int)i, 3);
        break;
    case COLORMAP_VIRIDIS:
        copy_colours(viridis_table, rgb);
        break;
    case COLORMAP_MAGMA:
        copy_colours(magma_table, rgb);
        break;
    case COLORMAP_INFERNO:
        copy_colours(inferno_table, rgb);
        break;
    case COLORMAP_FIRE:
        interpolate(fire_points, rgb);
        break;
    case COLORMAP_ICE:
        interpolate(ice_points, rgb);
        break;
    case COLORMAP_LABELS:
        for (unsigned i = 0; i < 256; i++)
            label_colour(i, rgb[i]);
        break;
    }
}
