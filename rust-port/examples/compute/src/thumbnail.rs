//! Small pictures of large ones.

use std::io::Cursor;

use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

/// A picture larger than this on one side, or one that takes more memory, is refused from its header alone.
const LARGEST_SIDE: u32 = 20_000;
const MOST_MEMORY: u64 = 512 << 20;
/// The largest thumbnail on one side.
const LARGEST_THUMBNAIL: u32 = 4096;

/// A PNG that fits into `width` × `height` pixels, made from a PNG or JPEG.
///
/// Proportions are kept, a picture that fits already is not enlarged, and a photograph is turned as its EXIF
/// orientation says. `width` and `height` go from 1 to 4096; the picture's sides go up to 20 000 pixels.
#[cfg_attr(feature = "port", portreeve::function(idempotent))]
pub fn thumbnail(image: &[u8], width: u32, height: u32) -> Result<Vec<u8>, String> {
    for (name, side) in [("width", width), ("height", height)] {
        if !(1..=LARGEST_THUMBNAIL).contains(&side) {
            return Err(format!(
                "`{name}` is {side}; it goes from 1 to {LARGEST_THUMBNAIL}"
            ));
        }
    }
    let picture = upright(image).map_err(|error| format!("`image` cannot be read: {error}"))?;
    let small = match picture.width() > width || picture.height() > height {
        true => picture.resize(width, height, FilterType::CatmullRom),
        false => picture,
    };
    let mut png = Cursor::new(Vec::new());
    small
        .write_to(&mut png, ImageFormat::Png)
        .map_err(|error| format!("cannot write the PNG: {error}"))?;
    Ok(png.into_inner())
}

fn upright(image: &[u8]) -> image::ImageResult<DynamicImage> {
    let mut reader = ImageReader::new(Cursor::new(image)).with_guessed_format()?;
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(LARGEST_SIDE), Some(LARGEST_SIDE));
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let orientation = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
        let mut picture = DynamicImage::new_rgb8(width, height);
        picture
            .as_mut_rgb8()
            .expect("made as one")
            .put_pixel(0, 0, image::Rgb([255, 0, 0]));
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).expect("into memory");
        bytes.into_inner()
    }

    fn sides(png: &[u8]) -> (u32, u32) {
        assert_eq!(image::guess_format(png).ok(), Some(ImageFormat::Png));
        let picture = image::load_from_memory(png).expect("a PNG");
        (picture.width(), picture.height())
    }

    #[test]
    fn fits_and_keeps_its_proportions() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg] {
            let large = encoded(format, 400, 200);
            assert_eq!(
                sides(&thumbnail(&large, 100, 100).expect("a picture")),
                (100, 50)
            );
            assert_eq!(
                sides(&thumbnail(&large, 4000, 50).expect("a picture")),
                (100, 50)
            );
            assert_eq!(
                sides(&thumbnail(&large, 500, 500).expect("a picture")),
                (400, 200)
            );
        }
    }

    #[test]
    fn says_what_is_wrong() {
        let picture = encoded(ImageFormat::Png, 4, 4);
        assert!(thumbnail(&picture, 0, 4).is_err_and(|error| error.contains("`width` is 0")));
        assert!(
            thumbnail(&picture, 4, 4097).is_err_and(|error| error.contains("`height` is 4097"))
        );
        assert!(
            thumbnail(b"no picture", 4, 4)
                .is_err_and(|error| error.starts_with("`image` cannot be read"))
        );
        assert!(thumbnail(&picture[..30], 4, 4).is_err());
    }

    /// The header of a PNG that claims 60 000 × 60 000 pixels: refused without the 10 GiB that they would take.
    #[test]
    fn a_claim_is_no_reason_to_allocate() {
        let mut claim = encoded(ImageFormat::Png, 4, 4);
        claim[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
        claim[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
        assert!(thumbnail(&claim, 4, 4).is_err());
    }
}
